package allod.s3;

import allod.http.ChunkSignatures;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/** The signatures of a chunked body, where it has them. */
final class ChunkChecks {
    private final Optional<ChunkSignatures> signatures;
    private final MessageDigest digest;
    private String signature = "";

    ChunkChecks(Optional<ChunkSignatures> signatures) {
        this.signatures = signatures;
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    boolean signed() {
        return signatures.isPresent();
    }

    void begin(String newSignature) {
        signature = newSignature;
    }

    void data(byte[] data, int offset, int length) {
        if (signed()) {
            digest.update(data, offset, length);
        }
    }

    /** @throws allod.http.SignatureProblem if the chunk's signature is wrong */
    void endChunk() {
        signatures.ifPresent(chain -> chain.verifyChunk(signature, digest.digest()));
    }

    /** @throws allod.http.SignatureProblem if the trailers' signature is wrong */
    void trailers(byte[] lines, String trailerSignature) {
        signatures.ifPresent(chain -> chain.verifyTrailer(trailerSignature, digest.digest(lines)));
    }
}
