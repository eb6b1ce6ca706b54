package allod.policy;

import java.util.List;
import java.util.Optional;

/**
 * A policy: statements that allow or deny. One that cannot be carried out in full, to the last element, is not taken.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html">The grammar</a>
 */
public final class Policy {
    /** What a policy hangs on, which says what its statements must name. */
    public enum Kind {
        /** A bucket: principals and resources, at most 20 KiB. */
        BUCKET(20 << 10),
        /** A user, group or role: resources and no principals, at most 6,144 characters besides white space. */
        IDENTITY(6144),
        /** A session: as an identity's, at most 2,048 bytes. */
        SESSION(2048),
        /** A role, for who may take it: principals and no resources, at most 2,048 characters besides white space. */
        TRUST(2048);

        /** Bytes of a policy whose white space is not counted. */
        private static final int MAX_WITH_WHITE_SPACE = 16 << 10;

        private final int most;

        Kind(int most) {
            this.most = most;
        }

        /**
         * The most that its JSON has, bytes, or characters besides white space.
         *
         * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html">IAM's character
         *     limits</a>
         */
        public int most() {
            return most;
        }

        private boolean countsBytes() {
            return this == BUCKET || this == SESSION;
        }

        private void requireSize(byte[] json) {
            int size = countsBytes() ? json.length : characters(json);
            if (size > most) {
                throw new MalformedPolicyException("Policy exceeds the maximum allowed document size: it has " + size
                        + " "
                        + (countsBytes() ? "bytes" : "characters besides white space") + ", and may have " + most
                        + ".");
            }
            if (!countsBytes() && json.length > MAX_WITH_WHITE_SPACE) {
                throw new MalformedPolicyException(
                        "Policy exceeds the maximum allowed document size: with its white space" + " it has "
                                + json.length + " bytes, and may have " + MAX_WITH_WHITE_SPACE + ".");
            }
        }

        /** Of UTF-8: a character has one byte that does not continue another. */
        private static int characters(byte[] json) {
            int count = 0;
            for (byte b : json) {
                boolean white = b == ' ' || b == '\t' || b == '\r' || b == '\n';
                boolean continues = (b & 0xc0) == 0x80;
                count += white || continues ? 0 : 1;
            }
            return count;
        }
    }

    private final List<Statement> statements;

    Policy(List<Statement> statements) {
        this.statements = List.copyOf(statements);
    }

    /**
     * Reads a policy.
     *
     * @throws MalformedPolicyException naming what is wrong, past the limit of its kind too
     */
    public static Policy parse(Kind kind, byte[] json) {
        kind.requireSize(json);
        return new PolicyReader(kind).read(json);
    }

    /**
     * Checks that each statement speaks of this bucket, that its actions can be done to what it names, and that they have
     * the keys of its conditions.
     *
     * @throws MalformedPolicyException naming what is wrong
     */
    public void requireOf(String bucket) {
        for (Statement statement : statements) {
            for (Glob resource : statement.resources()) {
                if (!BucketResources.isOf(resource, bucket)) {
                    throw new MalformedPolicyException("Policy has invalid resource: " + resource.text()
                            + " is not of the bucket " + bucket + ".");
                }
            }
            BucketResources.requireActions(statement, bucket);
            BucketResources.requireConditions(statement);
        }
    }

    /** The first statement that denies a request. */
    Optional<Statement> denies(Request request, boolean ofResource) {
        return first(request, ofResource, false);
    }

    /** The first statement that allows a request. */
    Optional<Statement> allows(Request request, boolean ofResource) {
        return first(request, ofResource, true);
    }

    private Optional<Statement> first(Request request, boolean ofResource, boolean allowing) {
        return statements.stream()
                .filter(statement -> statement.allows() == allowing)
                .filter(statement -> !ofResource || statement.isAbout(request.who()))
                .filter(statement -> statement.speaksOf(request))
                .findFirst();
    }

    /** All statements that allow a request. */
    List<Statement> allowing(Request request) {
        return statements.stream()
                .filter(Statement::allows)
                .filter(statement -> statement.isAbout(request.who()) && statement.speaksOf(request))
                .toList();
    }

    /** Whether a bucket's policy lets everybody do something, as S3 counts it. */
    public boolean isPublic() {
        return statements.stream().anyMatch(Statement::isPublic);
    }

    /** The accounts that it names, to see whether they exist. */
    public List<String> accounts() {
        return statements.stream()
                .flatMap(statement -> statement.principals().stream())
                .map(PrincipalPattern::account)
                .filter(account -> !account.isEmpty())
                .distinct()
                .toList();
    }

    /** The users, roles and sessions that it names, to see whether they exist. */
    public List<Who> principals() {
        return statements.stream()
                .flatMap(statement -> statement.principals().stream())
                .flatMap(pattern -> pattern.named().stream())
                .distinct()
                .toList();
    }

    /** All statements that speak of a request, allowing or denying, in their order. */
    List<Statement> speaking(Request request, boolean ofResource) {
        return statements.stream()
                .filter(statement -> !ofResource || statement.isAbout(request.who()))
                .filter(statement -> statement.speaksOf(request))
                .toList();
    }
}
