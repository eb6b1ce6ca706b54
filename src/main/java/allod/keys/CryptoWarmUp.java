package allod.keys;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Runs the ciphers for a moment after the start, so that the runtime has compiled them before the first large object
 * comes: cold they reach a twentieth of their speed. Ends by itself after a time and a number of rounds.
 */
public final class CryptoWarmUp {
    /** About 400 MB of encryption and decryption; warm, that is a tenth of a second. */
    static final int MAX_ROUNDS = 3_000;

    private final SecureRandom random;
    private final InstantSource clock;

    public CryptoWarmUp(SecureRandom random, InstantSource clock) {
        this.random = random;
        this.clock = clock;
    }

    /** Starts it in the background, on a thread that does not keep the process alive. */
    public Thread start(Duration atMost) {
        return Thread.ofPlatform().name("crypto-warm-up").daemon().start(() -> run(atMost));
    }

    /**
     * Runs it on the calling thread, until it is done, the time is over or the thread is interrupted.
     *
     * @return the rounds run
     */
    int run(Duration atMost) {
        Instant end = clock.instant().plus(atMost);
        byte[] slotSecret = new byte[WrappingKey.SLOT_SECRET_BYTES];
        random.nextBytes(slotSecret);
        var domain = new byte[16];
        var stream = new StreamBinding(domain, new byte[16], 1);
        var binding = new EnvelopeBinding(domain, 1, new byte[16]);
        byte[] plaintext = new byte[FloeParameters.STANDARD.plainSegmentBytes()];
        int round = 0;
        while (round < MAX_ROUNDS
                && clock.instant().isBefore(end)
                && !Thread.currentThread().isInterrupted()) {
            var sealed = Envelope.seal(slotSecret, Envelope.NO_ACCESS_SECRET, binding, random);
            sealed.contentKey().close();
            try (ContentKey key = sealed.envelope().open(slotSecret, Envelope.NO_ACCESS_SECRET, binding)) {
                byte[] metadata = key.sealMetadata(stream.aad(), slotSecret, random);
                key.openMetadata(stream.aad(), metadata);
                byte[] streamKey = key.streamKey(stream);
                byte[] ciphertext = Floe.seal(FloeParameters.STANDARD, streamKey, stream.aad(), plaintext, random);
                Floe.open(FloeParameters.STANDARD, streamKey, stream.aad(), ciphertext);
            }
            byte[] box = SecretBox.EVENTS.seal(slotSecret, stream.aad(), plaintext, 0, 1024, random);
            SecretBox.EVENTS.open(slotSecret, stream.aad(), box);
            EtagMask.apply(slotSecret, new byte[EtagMask.BYTES]);
            round++;
        }
        return round;
    }
}
