package allod.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The vectors of docs/formats/envelope.md are what the code makes, and what it opens. */
class EnvelopeVectorsTest {
    private static final byte[] DOMAIN = CountingRandom.bytes(0x10, 16);
    private static final byte[] OBJECT = CountingRandom.bytes(0x20, 16);
    private static final byte[] BLOB = CountingRandom.bytes(0x30, 16);
    private static final byte[] SLOT = CountingRandom.bytes(0x40, 32);
    private static final byte[] ACCESS = CountingRandom.bytes(0x60, 32);
    private static final byte[] PRIVATE = CountingRandom.bytes(0xe0, 32);
    private static final byte[] AAD = "aad".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TEXT = "plaintext".getBytes(StandardCharsets.US_ASCII);
    private static final EnvelopeBinding BINDING = new EnvelopeBinding(DOMAIN, 7, OBJECT);
    private static final StreamBinding STREAM = new StreamBinding(DOMAIN, OBJECT, 2);

    private final List<String> lines = new ArrayList<>();

    @Test
    void the_documented_vectors_are_made_byte_for_byte() throws IOException, NoSuchAlgorithmException {
        var sealed = Envelope.seal(SLOT, Envelope.NO_ACCESS_SECRET, BINDING, random());
        ContentKey key = sealed.contentKey();
        add("envelope", sealed.envelope().encode());
        add(
                "envelope with access secret",
                Envelope.seal(SLOT, ACCESS, BINDING, random()).envelope().encode());
        add("content key", key.copy());
        add("metadata", key.sealMetadata(AAD, TEXT, random()));
        add("manifest", key.sealManifest(AAD, TEXT, random()));
        add("stream key", key.streamKey(STREAM));
        add("stream aad", STREAM.aad());
        add("stream key with customer key", key.streamKey(STREAM, ACCESS));
        add("customer key check", ContentKey.customerCheck(ACCESS, OBJECT));
        try (var upload = UploadKey.of(sealed.envelope(), SLOT, Envelope.NO_ACCESS_SECRET, BINDING)) {
            add("part record", upload.sealPart(2, BLOB, TEXT, random()));
        }
        add("masked etag", EtagMask.apply(SLOT, CountingRandom.bytes(0xe0, 16)));
        add("version id", new VersionCipher(SLOT).name(5000));
        for (SecretBox purpose : SecretBox.values()) {
            add("box " + purpose, purpose.seal(SLOT, AAD, TEXT, random()));
        }
        var recipient = new EscrowKey(X25519.publicKey(PRIVATE));
        Share share = Share.make(key, SLOT, BINDING, recipient, random());
        add("share recipient", recipient.bytes());
        add("share envelope", share.envelope().encode());
        add("share sealed access secret", share.sealedAccessSecret());
        byte[] small = Floe.seal(new FloeParameters(64, 20), SLOT, AAD, CountingRandom.bytes(0, 70), random());
        add("floe, segments of 64", small);
        byte[] large = Floe.seal(FloeParameters.STANDARD, SLOT, AAD, CountingRandom.bytes(0, 131_009), random());
        add("floe header, segments of 64 KiB", Arrays.copyOf(large, FloeParameters.HEADER_BYTES));
        add(
                "floe sha-256, segments of 64 KiB",
                MessageDigest.getInstance("SHA-256").digest(large));
        byte[] header = Arrays.copyOf(large, FloeParameters.HEADER_BYTES);
        add("floe hash of the object", FloeHash.ofObject(header));
        assertThat(documented()).isEqualTo(lines);
    }

    private static CountingRandom random() {
        return new CountingRandom(0x80);
    }

    private void add(String name, byte[] bytes) {
        lines.add(name + " = " + HexFormat.of().formatHex(bytes));
    }

    private static List<String> documented() throws IOException {
        return Files.readAllLines(Path.of("docs/formats/envelope.md")).stream()
                .filter(line -> line.matches("[a-zA-Z0-9 ,-]+ = [0-9a-f]+"))
                .toList();
    }
}
