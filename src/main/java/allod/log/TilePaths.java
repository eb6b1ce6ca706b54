package allod.log;

import java.util.Optional;

/** Tile numbers as path elements: groups of three digits, all but the last after an {@code x}. */
final class TilePaths {
    /** No tree reaches further: 2<sup>63</sup> - 1 entries in tiles of 256. */
    private static final long MAX_INDEX = Long.MAX_VALUE / LogResource.TILE_WIDTH;

    private TilePaths() {}

    static void check(long index, int width) {
        if (index < 0 || index > MAX_INDEX) {
            throw new IllegalArgumentException("tile index " + index + " is out of range");
        }
        if (width < 1 || width > LogResource.TILE_WIDTH) {
            throw new IllegalArgumentException("tile width " + width + " is not 1 to 256");
        }
    }

    static String encode(long index, int width) {
        String number = threeDigits(index % 1000);
        for (long rest = index / 1000; rest > 0; rest /= 1000) {
            number = "x" + threeDigits(rest % 1000) + "/" + number;
        }
        return width == LogResource.TILE_WIDTH ? number : number + ".p/" + width;
    }

    static Optional<LogResource> parse(String path) {
        if (path.length() > LogResource.MAX_PATH_CHARS) {
            return Optional.empty();
        }
        if (path.equals("checkpoint")) {
            return Optional.of(new LogResource.LatestCheckpoint());
        }
        String[] elements = path.split("/", -1);
        if (elements.length < 3 || !elements[0].equals("tile")) {
            return Optional.empty();
        }
        try {
            LogResource read = resource(elements);
            return read.path().equals(path) ? Optional.of(read) : Optional.empty();
        } catch (MalformedException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Reads widely; the caller compares the path it writes, which settles every other spelling. */
    private static LogResource resource(String[] elements) {
        int last = elements.length - 1;
        int width = LogResource.TILE_WIDTH;
        String lastGroup = elements[last];
        if (elements[last - 1].endsWith(".p")) {
            width = Math.toIntExact(Math.min(Strict.decimal(elements[last], "width"), Integer.MAX_VALUE));
            last--;
            lastGroup = elements[last].substring(0, elements[last].length() - 2);
        }
        StringBuilder digits = new StringBuilder();
        for (int i = 2; i < last; i++) {
            digits.append(elements[i], Math.min(1, elements[i].length()), elements[i].length());
        }
        long index = Long.parseLong(digits.append(lastGroup).toString());
        return elements[1].equals("entries")
                ? new LogResource.EntryBundle(index, width)
                : new LogResource.Tile(
                        Math.toIntExact(Math.min(Strict.decimal(elements[1], "level"), Integer.MAX_VALUE)),
                        index,
                        width);
    }

    private static String threeDigits(long group) {
        String digits = Long.toString(group);
        return "0".repeat(3 - digits.length()) + digits;
    }
}
