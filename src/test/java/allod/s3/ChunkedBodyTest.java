package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.http.ChunkSignatures;
import allod.http.Headers;
import allod.http.Payload;
import allod.http.RequestBody;
import allod.http.RequestHead;
import allod.http.SigV4;
import allod.http.SignatureProblem;
import allod.http.Signing;
import allod.s3.ChunkProblem.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunkedBodyTest {
    private static final String SUM = "x-amz-checksum-crc32c";

    /** Bytes in memory as a body that hands out at most some at a time. */
    record Bytes(byte[] content, int atOnce, int[] position) implements RequestBody {
        static Bytes of(byte[] content, int atOnce) {
            return new Bytes(content, atOnce, new int[1]);
        }

        @Override
        public long declaredLength() {
            return content.length;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int count = Math.min(Math.min(length, atOnce), content.length - position[0]);
            if (count == 0) {
                return -1;
            }
            System.arraycopy(content, position[0], target, offset, count);
            position[0] += count;
            return count;
        }

        @Override
        public Headers trailers() {
            return Headers.empty();
        }
    }

    /** Content in chunks, signed as a client would. */
    private static final class Upload {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final Headers headers;
        private final ChunkSignatures signing;
        private final boolean trailer;

        Upload(long decodedLength, boolean trailer) {
            var fields = Headers.builder()
                    .add("Host", Signing.HOST)
                    .add("x-amz-decoded-content-length", Long.toString(decodedLength));
            if (trailer) {
                fields.add("x-amz-trailer", SUM);
            }
            String mode = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" + (trailer ? "-TRAILER" : "");
            var signed =
                    Signing.signer("s3", Signing.DAY).sign(new RequestHead("PUT", "/b/k", "", fields.build()), mode);
            this.headers = signed.headers();
            this.signing = signed.chunks();
            this.trailer = trailer;
        }

        Upload chunk(byte[] data) {
            text(Integer.toHexString(data.length) + ";chunk-signature=" + signing.signChunk(sha256(data)) + "\r\n");
            out.writeBytes(data);
            if (data.length > 0) {
                text("\r\n");
            } else if (trailer) {
                String line = SUM + ":sOO8/Q==";
                text(line + "\r\n");
                text("x-amz-trailer-signature:" + signing.signTrailer(sha256(ascii(line + "\n"))) + "\r\n\r\n");
            } else {
                text("\r\n");
            }
            return this;
        }

        Upload text(String text) {
            out.writeBytes(ascii(text));
            return this;
        }

        byte[] bytes() {
            return out.toByteArray();
        }

        /** The body as a server reads it, from the request it authenticated. */
        ChunkedBody open(byte[] bytes, int atOnce) {
            var verifier = new SigV4("s3", Signing.credentials(), InstantSource.fixed(Signing.DAY));
            var payload = (Payload.SignedChunks) verifier.authenticate(new RequestHead("PUT", "/b/k", "", headers))
                    .payload();
            return new ChunkedBody(Bytes.of(bytes, atOnce), payload, headers);
        }
    }

    private static byte[] sha256(byte[] data) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(data);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] readAll(RequestBody body, int atOnce) throws IOException {
        var out = new ByteArrayOutputStream();
        var buffer = new byte[atOnce];
        for (int n = body.read(buffer, 0, atOnce); n >= 0; n = body.read(buffer, 0, atOnce)) {
            out.write(buffer, 0, n);
        }
        return out.toByteArray();
    }

    private static ChunkedBody unsigned(String text, long decodedLength, String trailer) {
        var headers = Headers.builder().add("x-amz-decoded-content-length", Long.toString(decodedLength));
        if (!trailer.isEmpty()) {
            headers.add("x-amz-trailer", trailer);
        }
        return new ChunkedBody(Bytes.of(ascii(text), 7), new Payload.UnsignedChunks(), headers.build());
    }

    private static byte[] random(long seed, int length) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void signed_chunks_of_any_size_read_as_their_content() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 30; round++) {
            boolean trailer = random.nextBoolean();
            int size = 8192 + random.nextInt(2000);
            byte[] content = random(seed + round, random.nextInt(40_000));
            var upload = new Upload(content.length, trailer);
            for (int i = 0; i < content.length; i += size) {
                upload.chunk(java.util.Arrays.copyOfRange(content, i, Math.min(content.length, i + size)));
            }
            upload.chunk(new byte[0]);
            ChunkedBody body = upload.open(upload.bytes(), 1 + random.nextInt(5000));
            assertThat(readAll(body, 1 + random.nextInt(5000)))
                    .as("seed %d", seed)
                    .isEqualTo(content);
            assertThat(body.trailers().first(SUM).isPresent()).isEqualTo(trailer);
            assertThat(body.declaredLength()).isEqualTo(content.length);
        }
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void a_body_cut_anywhere_never_ends_well(boolean trailer) {
        var upload = new Upload(8200, trailer)
                .chunk(random(1, 8192))
                .chunk(random(2, 8))
                .chunk(new byte[0]);
        byte[] whole = upload.bytes();
        for (int length = 0; length < whole.length; length += length < 90 || length > 8250 ? 1 : 37) {
            ChunkedBody body = upload.open(java.util.Arrays.copyOf(whole, length), 4000);
            assertThatThrownBy(() -> readAll(body, 4000)).isInstanceOf(ChunkProblem.class);
            assertThatThrownBy(() -> body.read(new byte[1], 0, 1)).isInstanceOf(ChunkProblem.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void a_body_changed_anywhere_never_ends_well(boolean trailer) throws Exception {
        var upload = new Upload(8200, trailer)
                .chunk(random(1, 8192))
                .chunk(random(2, 8))
                .chunk(new byte[0]);
        byte[] whole = upload.bytes();
        for (int place = 0; place < whole.length; place += place < 90 || place > 8250 ? 1 : 97) {
            byte[] changed = whole.clone();
            changed[place] ^= 0x01;
            ChunkedBody body = upload.open(changed, 4000);
            boolean harmless = false;
            try {
                readAll(body, 4000);
                // The case of a trailer's name, or of a digit of a chunk's size, says the same.
                harmless = Character.toLowerCase((char) whole[place]) == Character.toLowerCase((char) changed[place]);
            } catch (ChunkProblem | SignatureProblem refused) {
                harmless = true;
            }
            assertThat(harmless).as("byte %d", place).isTrue();
        }
    }

    @Test
    void nothing_may_follow_the_end() {
        var upload = new Upload(3, false).chunk(ascii("abc")).chunk(new byte[0]).text("0");
        assertKind(upload.open(upload.bytes(), 100), Kind.MALFORMED);
        assertKind(unsigned("3\r\nabc\r\n0\r\n\r\n\r\n", 3, ""), Kind.MALFORMED);
    }

    @Test
    void chunks_out_of_order_are_refused() {
        var first = new Upload(16_384, false)
                .chunk(random(1, 8192))
                .chunk(random(2, 8192))
                .chunk(new byte[0]);
        byte[] whole = first.bytes();
        int one = 8192 + 2 + 87;
        byte[] swapped = whole.clone();
        System.arraycopy(whole, one, swapped, 0, one);
        System.arraycopy(whole, 0, swapped, one, one);
        assertThatThrownBy(() -> readAll(first.open(swapped, 4000), 4000)).isInstanceOf(SignatureProblem.class);
    }

    @Test
    void only_the_last_signed_chunk_may_be_small() throws Exception {
        var atLimit = new Upload(8193, false)
                .chunk(random(1, 8192))
                .chunk(random(2, 1))
                .chunk(new byte[0]);
        assertThat(readAll(atLimit.open(atLimit.bytes(), 999), 999)).hasSize(8193);
        var below = new Upload(8192, false)
                .chunk(random(1, 8191))
                .chunk(random(2, 1))
                .chunk(new byte[0]);
        assertKind(below.open(below.bytes(), 999), Kind.CHUNK_TOO_SMALL);
    }

    /** As the S3 User Guide writes a trailer, and minio-go sends it. */
    @ParameterizedTest
    @CsvSource({
        "'\n\r\n','\r\n\r\n',true",
        "'\r\n','\r\n\r\n',true",
        "'\n','\r\n\r\n',true",
        "'\r\n\r\n','\r\n\r\n',false",
        "'\n\n','\r\n\r\n',false",
        "'\n\r\r\n','\r\n\r\n',false",
        "'\n\r\n\r\n','\r\n\r\n',false",
        "'\n\r\n','\n\n',false"
    })
    void a_trailer_may_end_with_a_line_feed_and_an_empty_line(String end, String last, boolean taken) throws Exception {
        var upload = new Upload(3, true).chunk(ascii("abc")).chunk(new byte[0]);
        String usual = new String(upload.bytes(), StandardCharsets.ISO_8859_1);
        int trailer = usual.indexOf(SUM);
        String bytes = usual.substring(0, trailer)
                + usual.substring(trailer, usual.length() - 4).replace("\r\n", end)
                + last;
        ChunkedBody body = upload.open(ascii(bytes), 7);
        if (taken) {
            assertThat(readAll(body, 10)).isEqualTo(ascii("abc"));
            assertThat(body.trailers().first(SUM)).contains("sOO8/Q==");
        } else {
            assertKind(body, Kind.MALFORMED_TRAILER);
        }
    }

    @ParameterizedTest
    @CsvSource({"'\n\r\n\r\n',true", "'\n\r\n',false", "'\n\n',false", "'\n\r\n\n',false"})
    void an_unsigned_one_may_too(String end, boolean taken) throws Exception {
        ChunkedBody body = unsigned("1\r\na\r\n0\r\nx-a:v" + end, 1, "x-a");
        if (taken) {
            assertThat(readAll(body, 5)).isEqualTo(ascii("a"));
            assertThat(body.trailers().first("x-a")).contains("v");
        } else {
            assertThatThrownBy(() -> readAll(body, 5)).isInstanceOf(ChunkProblem.class);
        }
    }

    @Test
    void unsigned_chunks_read_as_their_content_and_their_trailers() throws Exception {
        ChunkedBody body = unsigned("3\r\nabc\r\n2\r\nde\r\n0\r\n" + SUM + ":sOO8/Q==\r\n\r\n", 5, SUM);
        assertThat(readAll(body, 2)).isEqualTo(ascii("abcde"));
        assertThat(body.trailers().first(SUM)).contains("sOO8/Q==");
        assertThat(readAll(unsigned("0\r\n\r\n", 0, ""), 2)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'3\r\nabc\r\n0\r\n\r\n',4,'',INCOMPLETE",
        "'3\r\nabc\r\n0\r\n\r\n',2,'',INCOMPLETE",
        "'3\r\nabc\r\n0\r\n',3,'',INCOMPLETE",
        "'3\r\nabcd\r\n0\r\n\r\n',3,'',MALFORMED",
        "'3;chunk-signature=ab\r\nabc\r\n0\r\n\r\n',3,'',MALFORMED",
        "'3\nabc\r\n0\r\n\r\n',3,'',MALFORMED",
        "'-3\r\nabc\r\n0\r\n\r\n',3,'',MALFORMED",
        "' 3\r\nabc\r\n0\r\n\r\n',3,'',MALFORMED",
        "'\r\nabc\r\n0\r\n\r\n',3,'',MALFORMED",
        "'140000001\r\n',6000000000,'',MALFORMED",
        "'fffffffffffffffff\r\n',3,'',MALFORMED",
        "'0\r\nx-amz-checksum-crc32c:a\r\n\r\n',0,'',MALFORMED_TRAILER",
        "'0\r\n\r\n',0,x-amz-checksum-crc32c,MALFORMED_TRAILER",
        "'0\r\nx-a:1\r\nx-a:1\r\n\r\n',0,'x-a,x-b',MALFORMED_TRAILER",
        "'0\r\nx-a:1\r\nx-a:2\r\n\r\n',0,'x-a',MALFORMED_TRAILER",
        "'0\r\nno colon\r\n\r\n',0,x-a,MALFORMED_TRAILER",
        "'0\r\nx-a:1\r\nx-amz-trailer-signature:ab\r\n\r\n',0,x-a,MALFORMED_TRAILER",
        "'0\r\nx a:1\r\n\r\n',0,'x a',MALFORMED_TRAILER"
    })
    void what_is_not_exactly_the_form_is_refused(String text, long length, String trailer, Kind kind) {
        assertKind(unsigned(text, length, trailer), kind);
    }

    @Test
    void the_largest_chunk_is_a_largest_part() throws Exception {
        ChunkedBody body = unsigned("140000000\r\nabc", 6_000_000_000L, "");
        assertThat(body.read(new byte[3], 0, 3)).isEqualTo(3);
    }

    @Test
    void lines_and_trailers_have_a_limit() throws Exception {
        String fits = "x".repeat(ChunkInput.MAX_LINE - 2 - 4);
        assertThat(readAll(unsigned("0\r\nx-a:" + fits + "\r\n\r\n", 0, "x-a"), 9))
                .isEmpty();
        assertKind(unsigned("0\r\nx-a:x" + fits + "\r\n\r\n", 0, "x-a"), Kind.MALFORMED_TRAILER);
        for (int count : new int[] {ChunkTrailers.LIMIT, ChunkTrailers.LIMIT + 1}) {
            var lines = new StringBuilder();
            var names = new StringBuilder();
            for (int i = 0; i < count; i++) {
                lines.append("x-").append(i).append(":v\r\n");
                names.append(i == 0 ? "" : ",").append("x-").append(i);
            }
            ChunkedBody body = unsigned("0\r\n" + lines + "\r\n", 0, names.toString());
            if (count == ChunkTrailers.LIMIT) {
                assertThat(readAll(body, 9)).isEmpty();
            } else {
                assertKind(body, Kind.MALFORMED_TRAILER);
            }
        }
    }

    @Test
    void the_announced_length_is_needed_once_and_as_a_number() {
        for (Headers headers : new Headers[] {
            Headers.empty(),
            Headers.of("x-amz-decoded-content-length", "-1"),
            Headers.of("x-amz-decoded-content-length", "1", "x-amz-decoded-content-length", "1")
        }) {
            assertThatThrownBy(() -> new ChunkedBody(Bytes.of(new byte[0], 1), new Payload.UnsignedChunks(), headers))
                    .isInstanceOf(ChunkProblem.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"aws-chunked,''", "'aws-chunked,gzip',gzip", "'gzip, AWS-Chunked',gzip", "'a,b','a,b'", "'',''"})
    void the_encoding_that_is_left_is_the_contents_own(String given, String left) {
        assertThat(ChunkedBody.encodingWithoutChunks(given).orElse("")).isEqualTo(left);
    }

    private static void assertKind(ChunkedBody body, Kind kind) {
        assertThatThrownBy(() -> readAll(body, 50))
                .isInstanceOfSatisfying(
                        ChunkProblem.class,
                        problem -> assertThat(problem.kind()).isEqualTo(kind));
    }
}
