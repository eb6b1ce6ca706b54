package allod.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Byte strings that are looked for in every file of a folder, at every position. */
final class Needles {
    /** Content is looked for by pieces of this many bytes, random enough never to be met by chance. */
    private static final int PIECE = 16;

    private static final int HEAD = Long.BYTES;

    private final Map<Long, List<byte[]>> byHead = new HashMap<>();
    /** Whether any string begins with these two bytes: spares nearly all look-ups. */
    private final boolean[] begins = new boolean[1 << 16];

    /** @param strings each of at least 8 bytes */
    static Needles of(Collection<byte[]> strings) {
        var needles = new Needles();
        strings.forEach(needles::add);
        return needles;
    }

    /** The beginning, the middle and the end of each content. */
    static Needles ofContent(Collection<byte[]> contents) {
        var needles = new Needles();
        for (byte[] content : contents) {
            for (int at : new int[] {0, (content.length - PIECE) / 2, content.length - PIECE}) {
                needles.add(Arrays.copyOfRange(content, at, at + PIECE));
            }
        }
        return needles;
    }

    private void add(byte[] string) {
        long head = ByteBuffer.wrap(string).getLong();
        byHead.computeIfAbsent(head, _ -> new ArrayList<>()).add(string);
        begins[(int) (head >>> 48)] = true;
    }

    /** How many places in the files of these folders hold one of the strings. */
    int found(Path... folders) throws IOException {
        int count = 0;
        for (Path folder : folders) {
            List<Path> files;
            try (Stream<Path> walk = Files.walk(folder)) {
                files = walk.filter(Files::isRegularFile).toList();
            }
            for (Path file : files) {
                count += foundIn(Files.readAllBytes(file));
            }
        }
        return count;
    }

    private int foundIn(byte[] bytes) {
        int count = 0;
        var view = ByteBuffer.wrap(bytes);
        for (int at = 0; at + HEAD <= bytes.length; at++) {
            if (begins[(bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff)]) {
                for (byte[] string : byHead.getOrDefault(view.getLong(at), List.of())) {
                    int end = at + string.length;
                    count += end <= bytes.length && Arrays.equals(bytes, at, end, string, 0, string.length) ? 1 : 0;
                }
            }
        }
        return count;
    }
}
