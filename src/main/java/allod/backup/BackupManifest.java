package allod.backup;

import allod.base.Problem;
import allod.base.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The list of what one backup is made of, a line each, blobs last and in the order of their names. The last line holds
 * the SHA-256 of all before, so a list that was cut short or changed is none. Read and written as a stream.
 */
final class BackupManifest {
    /** The first line. */
    static final String FORMAT = "allod backup 1";

    /** Where backups' lists, the map's files and the blobs lie in a place. */
    static final String BACKUPS = "backups/";

    static final String FILES = "files/";
    static final String BLOBS = "blobs/";

    private static final int LONGEST_LINE = 4096;

    private BackupManifest() {}

    /** A line. */
    sealed interface Line {
        /**
         * What was copied, and when.
         *
         * @param installation 32 hexadecimal digits
         * @param origin of the log that was written
         * @param size entries it had
         */
        record Head(String installation, String taken, String origin, long size) implements Line {}

        /** A file of the map; it lies in the place under its hash. */
        record MapFile(String sha256, long size, String name) implements Line {}

        /** A blob; it lies in the place under its name. */
        record Blob(String sha256, long size, String name) implements Line {}
    }

    /** Whether a name is that of a backup. */
    static boolean isId(String name) {
        return name.matches("[0-9]{8}T[0-9]{9}Z-[0-9a-f]{8}");
    }

    /** Where a blob of a name lies. */
    static String blobPath(String name) {
        return BLOBS + name.substring(0, 2) + "/" + name;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing", e);
        }
    }

    static String hex(byte[] hash) {
        return HexFormat.of().formatHex(hash);
    }

    /** Writes lines one after another. */
    static final class Writer implements AutoCloseable {
        private final DigestOutputStream out;

        Writer(OutputStream out) throws IOException {
            this.out = new DigestOutputStream(out, sha256());
            line(FORMAT);
        }

        private void line(String line) throws IOException {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        }

        void write(Line line) throws IOException {
            switch (line) {
                case Line.Head head ->
                    line("head " + head.installation + " " + head.taken + " " + head.size + " " + head.origin);
                case Line.MapFile file -> line("map " + file.sha256 + " " + file.size + " " + file.name);
                case Line.Blob blob -> line("blob " + blob.sha256 + " " + blob.size + " " + blob.name);
            }
        }

        /** Without this the list is not whole. */
        void end() throws IOException {
            String hash = hex(out.getMessageDigest().digest());
            out.on(false);
            line("end " + hash);
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /** Reads lines one after another; whether the list is whole shows at its end. */
    static final class Reader implements AutoCloseable {
        private final String name;
        private final BufferedReader in;
        private final MessageDigest hash = sha256();

        /** @throws Problem DAMAGED if it does not begin as a list */
        Reader(String name, InputStream in) throws IOException {
            this.name = name;
            this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16);
            if (!FORMAT.equals(next())) {
                throw damaged("it does not begin with '" + FORMAT + "'");
            }
        }

        private @Nullable String next() throws IOException {
            String line = in.readLine();
            if (line != null && line.length() > LONGEST_LINE) {
                throw damaged("a line is longer than " + LONGEST_LINE + " characters");
            }
            if (line != null && !line.startsWith("end ")) {
                hash.update((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return line;
        }

        /**
         * The next line; null after the last.
         *
         * @throws Problem DAMAGED if the list is not what was written
         */
        @Nullable
        Line read() throws IOException {
            String line = next();
            if (line == null) {
                throw damaged("it ends too early");
            }
            String[] words = line.split(" ", 5);
            return switch (words[0]) {
                case "head" -> new Line.Head(word(words, 1), word(words, 2), word(words, 4), number(word(words, 3)));
                case "map" -> new Line.MapFile(hash(words), number(word(words, 2)), mapName(word(words, 3)));
                case "blob" -> new Line.Blob(hash(words), number(word(words, 2)), blobName(word(words, 3)));
                case "end" -> end(line);
                default -> throw damaged("a line begins with '" + words[0] + "'");
            };
        }

        private String hash(String[] words) {
            String text = word(words, 1);
            if (!text.matches("[0-9a-f]{64}")) {
                throw damaged("a hash is '" + text + "'");
            }
            return text;
        }

        /** The name of a file in one folder, and of nothing above it. */
        private String mapName(String text) {
            if (!text.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")) {
                throw damaged("a file is called '" + text + "'");
            }
            return text;
        }

        private String blobName(String text) {
            if (!text.matches("[0-9a-f]{32}")) {
                throw damaged("a blob is called '" + text + "'");
            }
            return text;
        }

        private String word(String[] words, int place) {
            if (words.length <= place) {
                throw damaged("a line is too short");
            }
            return words[place];
        }

        private long number(String text) {
            if (!text.matches("0|[1-9][0-9]{0,17}")) {
                throw damaged("a size is '" + text + "'");
            }
            return Long.parseLong(text);
        }

        private @Nullable Line end(String line) throws IOException {
            if (!line.equals("end " + hex(hash.digest())) || in.readLine() != null) {
                throw damaged("its hash is not that of its lines");
            }
            return null;
        }

        private Problem damaged(String how) {
            return new Problem(
                    Reason.DAMAGED,
                    "The backup " + name + " cannot be used.",
                    "Its list is not what was written: " + how + ".",
                    "Use another backup: allod restore --backup ID.");
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
