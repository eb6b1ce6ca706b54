package allod.store;

import allod.base.Problem;
import allod.base.Reason;
import allod.store.engine.Cursor;
import allod.store.engine.Reader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the rows of a map for an operator: a family, whatever begins with some bytes, or all that there is of one object.
 * A row that cannot be read is shown as damaged. Answers are bounded; nothing that is sealed is opened.
 */
public final class Inspection {
    /** Most rows of one answer. */
    public static final int MAX_ROWS = 100;

    /** Up to how many rows of a family are counted. */
    private static final int COUNTED = 1000;

    private final Reader map;

    Inspection(Reader map) {
        this.map = map;
    }

    /**
     * What is asked for.
     *
     * @param what a family's letter or name, an object as {@code s3://BUCKET/KEY}, or the first bytes of keys in
     *     hexadecimal; empty for an overview of the families
     * @param after the last key seen, in hexadecimal; empty to begin
     * @param limit rows, 1 to {@link #MAX_ROWS}
     */
    public record Query(String what, String after, int limit) {}

    /**
     * Some rows.
     *
     * @param next what to ask for after; empty where there are no more
     */
    public record Page(List<InspectedRow> rows, Optional<String> next) {
        public Page {
            rows = List.copyOf(rows);
        }
    }

    /** @throws Problem INVALID_ARGUMENT if the query is none, NO_SUCH_BUCKET */
    public Page read(Query query) {
        if (query.limit < 1 || query.limit > MAX_ROWS) {
            throw invalid("the limit is " + query.limit, "Give 1 to " + MAX_ROWS + ".");
        }
        if (query.what.isEmpty()) {
            return new Page(overview(), Optional.empty());
        }
        if (query.what.startsWith("s3://")) {
            return object(query);
        }
        byte[] prefix = family(query.what).map(MapKey::family).orElseGet(() -> hex(query.what));
        if (prefix.length == 0) {
            throw invalid("no key is empty", "Name a family: a letter of docs/formats/map.md.");
        }
        return rows(prefix, query.after.isEmpty() ? new byte[0] : hex(query.after), query.limit);
    }

    private static Problem invalid(String why, String next) {
        return new Problem(Reason.INVALID_ARGUMENT, "Nothing was inspected.", "It takes that " + why + ".", next);
    }

    private static Optional<Family> family(String what) {
        return Arrays.stream(Family.values())
                .filter(family -> what.equals(letter(family)) || what.equalsIgnoreCase(family.name()))
                .findFirst();
    }

    private static byte[] hex(String text) {
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            throw invalid(
                    "'" + RowText.text(text) + "' is no family, no s3://BUCKET/KEY and no hexadecimal",
                    "List the families: allod inspect.");
        }
    }

    private static String letter(Family family) {
        return String.valueOf((char) family.code);
    }

    /** A row for each family that has rows, with how many. */
    private List<InspectedRow> overview() {
        List<InspectedRow> families = new ArrayList<>();
        for (Family family : Family.values()) {
            byte[] from = MapKey.family(family);
            int count = 0;
            try (Cursor cursor = map.scan(from, MapKey.after(from))) {
                while (count <= COUNTED && cursor.next()) {
                    count++;
                }
            }
            if (count > 0) {
                String rows = count > COUNTED ? "more than " + COUNTED : Integer.toString(count);
                families.add(new InspectedRow(
                        letter(family), family.name(), HexFormat.of().formatHex(from), Map.of("rows", rows)));
            }
        }
        return families;
    }

    private Page rows(byte[] prefix, byte[] after, int limit) {
        byte[] next = Arrays.copyOf(after, after.length + 1);
        byte[] from = after.length == 0 || Arrays.compareUnsigned(next, prefix) < 0 ? prefix : next;
        byte[] end = MapKey.after(prefix);
        List<InspectedRow> rows = new ArrayList<>();
        if (Arrays.compareUnsigned(from, end) >= 0) {
            return new Page(rows, Optional.empty());
        }
        try (Cursor cursor = map.scan(from, end)) {
            boolean more = cursor.next();
            while (more && rows.size() < limit) {
                rows.add(row(cursor.key(), cursor.value()));
                more = cursor.next();
            }
            return new Page(rows, more ? Optional.of(rows.getLast().key()) : Optional.empty());
        }
    }

    static InspectedRow row(byte[] key, byte[] value) {
        Optional<Family> family =
                Arrays.stream(Family.values()).filter(it -> it.code == key[0]).findFirst();
        String hex = HexFormat.of().formatHex(key);
        if (family.isEmpty()) {
            return new InspectedRow("?", "UNKNOWN", hex, Map.of("bytes", Integer.toString(value.length)));
        }
        Map<String, String> fields = new LinkedHashMap<>();
        try {
            fields.putAll(InspectedKey.read(family.get(), key));
            InspectedValue.read(family.get(), key, value)
                    .forEach((name, text) -> fields.merge(
                            name, text, (ofKey, ofValue) -> ofKey.equals(ofValue) ? ofKey : ofKey + " / " + ofValue));
        } catch (Problem damaged) {
            fields.put("damaged", RowText.text(damaged.why()));
        }
        return new InspectedRow(letter(family.get()), family.get().name(), hex, fields);
    }

    /** The bucket's row, and every row that names the object or its slots. */
    private Page object(Query query) {
        String[] parts = query.what.substring("s3://".length()).split("/", 2);
        if (parts.length < 2 || parts[1].isEmpty()) {
            throw invalid("'" + RowText.text(query.what) + "' names no object", "Name one as s3://BUCKET/KEY.");
        }
        var name = new BucketName(parts[0]);
        byte[] bucketRow = map.get(MapKey.bucket(name));
        if (bucketRow == null) {
            throw Refusals.noSuchBucket(name);
        }
        BucketRow bucket = BucketRow.decode(bucketRow);
        ObjectKey key = ObjectKey.of(parts[1]);
        List<InspectedRow> rows = new ArrayList<>();
        rows.add(row(MapKey.bucket(name), bucketRow));
        Set<Long> slots = new LinkedHashSet<>();
        byte[] one = new RowWriter(64).u64(bucket.id()).objectKey(key.bytes()).toBytes();
        for (Family family : List.of(Family.CURRENT, Family.NONCURRENT, Family.NULL_VERSION, Family.UPLOAD)) {
            byte[] prefix = new RowWriter(64).u8(family.code).raw(one).toBytes();
            addAll(rows, prefix, query.limit);
        }
        addAll(rows, MapKey.pendingOf(bucket.domain(), bucket.id(), key.bytes()), query.limit);
        for (InspectedRow row : List.copyOf(rows)) {
            String slot = row.fields().getOrDefault("slot", "0");
            if (slot.matches("[0-9]{1,20}") && !slot.equals("0")) {
                slots.add(Long.parseUnsignedLong(slot));
            }
        }
        for (long slot : slots) {
            addAll(rows, MapKey.slot(bucket.domain(), slot), query.limit);
        }
        return new Page(rows, Optional.empty());
    }

    private void addAll(List<InspectedRow> rows, byte[] prefix, int limit) {
        if (rows.size() < limit) {
            rows.addAll(rows(prefix, new byte[0], limit - rows.size()).rows());
        }
    }
}
