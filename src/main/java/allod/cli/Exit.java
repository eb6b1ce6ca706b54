package allod.cli;

import allod.base.Problem;

/** The exit codes of every command, as docs/cli.md lists them. */
final class Exit {
    /** Done; for a check, everything holds. */
    static final int DONE = 0;

    /** Not done, or a check failed; the message names what. */
    static final int FAILED = 1;

    /** The command line, the settings or a file given could not be understood. */
    static final int UNUSABLE_INPUT = 2;

    /** Everything holds, but under a log key that nobody has pinned. */
    static final int SIGNER_UNKNOWN = 3;

    /** No server answered, or it asks to try again later. */
    static final int NO_ANSWER = 4;

    private Exit() {}

    static int of(Problem problem) {
        return switch (problem.reason()) {
            case INVALID_ARGUMENT, INVALID_REQUEST -> UNUSABLE_INPUT;
            case BUSY, NOT_YET, CUSTODIAN_AWAY -> NO_ANSWER;
            default -> FAILED;
        };
    }
}
