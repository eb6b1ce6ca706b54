package allod.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The known answers that FLOE's authors publish, read from the folder that ALLOD_VECTORS names. */
class FloeKnownAnswersTest {
    private static final byte[] KEY = new byte[32];
    private static final byte[] AAD = "This is AAD".getBytes(StandardCharsets.US_ASCII);

    @Test
    void every_published_ciphertext_opens_to_its_plaintext() throws IOException {
        for (Path file : ciphertexts()) {
            assertThat(openOnline(parameters(file), hex(file))).as("%s", file).isEqualTo(hex(plaintext(file)));
        }
    }

    @Test
    void sealing_with_the_published_nonces_gives_every_published_ciphertext() throws IOException {
        for (Path file : ciphertexts()) {
            byte[] published = hex(file);
            if (file.toString().contains("lastSegEmpty")) {
                continue; // Ends with an empty segment where a full one could be the last; ours never does.
            }
            var parameters = parameters(file);
            var replayed = new ReplayedRandom(parameters, published);
            assertThat(Floe.seal(parameters, KEY, AAD, hex(plaintext(file)), replayed))
                    .as("%s", file)
                    .isEqualTo(published);
            assertThat(Floe.open(parameters, KEY, AAD, published)).isEqualTo(hex(plaintext(file)));
        }
    }

    /** Takes the last segment for what its own length says, as a reader of an endless stream must. */
    private static byte[] openOnline(FloeParameters parameters, byte[] ciphertext) {
        var plaintext = new ByteArrayOutputStream();
        byte[] piece = new byte[parameters.plainSegmentBytes()];
        try (var decryptor = new FloeDecryptor(parameters, KEY, AAD, ciphertext, 0)) {
            int at = FloeParameters.HEADER_BYTES;
            for (long segment = 0; at < ciphertext.length; segment++) {
                boolean last = ciphertext[at] != -1;
                int length = last ? ciphertext.length - at : parameters.segmentBytes();
                plaintext.write(piece, 0, decryptor.open(segment, last, ciphertext, at, length, piece, 0));
                at += length;
            }
        }
        return plaintext.toByteArray();
    }

    private static List<Path> ciphertexts() throws IOException {
        String folder = System.getenv("ALLOD_VECTORS");
        if (folder == null) {
            abort("ALLOD_VECTORS names no folder: the published known answers of FLOE were not tried.");
        }
        try (var files = Files.list(Path.of(folder, "floe"))) {
            var found =
                    files.filter(file -> file.toString().endsWith("_ct.txt")).toList();
            assertThat(found).isNotEmpty();
            return found;
        }
    }

    private static FloeParameters parameters(Path file) {
        String name = file.getFileName().toString();
        int segmentBytes = name.contains("_64_") ? 64 : name.contains("_4K_") ? 4096 : 40;
        // The files named for rotation were made with a new key every 4 segments.
        return new FloeParameters(segmentBytes, name.contains("rotation") ? 2 : 20);
    }

    private static Path plaintext(Path ciphertext) {
        return Path.of(ciphertext.toString().replace("_ct.txt", "_pt.txt"));
    }

    private static byte[] hex(Path file) throws IOException {
        return HexFormat.of().parseHex(Files.readString(file).strip());
    }
}
