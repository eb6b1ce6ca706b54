package allod.cli;

import allod.audit.PactDocument;
import allod.base.Problem;
import allod.base.Reason;
import allod.log.MalformedException;
import allod.log.VerifierKey;
import java.io.IOException;
import java.net.URI;

/** Where commands get a log's key from. */
final class LogKeys {
    private LogKeys() {}

    /** @throws Problem INVALID_ARGUMENT if it is no vkey */
    static VerifierKey parse(String vkey) {
        try {
            return VerifierKey.parse(vkey);
        } catch (MalformedException e) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "There is no log's key in '" + vkey + "'.",
                    e.why() + ".",
                    "A key looks like name+0123abcd+BASE64; `allod log key` prints a server's.");
        }
    }

    /**
     * The key that a server's pact document names.
     *
     * @throws Problem BUSY if no document was to be had, INTERNAL if it names no key
     */
    static VerifierKey at(URI pactAddress) {
        try {
            return PactDocument.fetchLogKey(pactAddress);
        } catch (IOException e) {
            throw new Problem(
                    Reason.BUSY,
                    "The log's key was not found.",
                    e.getMessage() + ".",
                    "Check that the URL is the pact address of an Allod server, and that it runs.",
                    e);
        } catch (MalformedException e) {
            throw new Problem(
                    Reason.INTERNAL,
                    "The log's key was not found.",
                    e.why() + ".",
                    "Check that the URL is the pact address of an Allod server.");
        }
    }
}
