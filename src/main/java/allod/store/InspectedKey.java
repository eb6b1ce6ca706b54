package allod.store;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the keys of the map hold, field by field, as docs/formats/map.md lists them. */
final class InspectedKey {
    /** How one field stands in a key. */
    private interface Form {
        Form U8 = reader -> Integer.toString(reader.u8());
        Form U16 = reader -> Integer.toString(reader.u16());
        Form U32 = reader -> Integer.toUnsignedString(reader.u32());
        Form U64 = reader -> Long.toUnsignedString(reader.u64());
        Form DESCENDING_ORDER = reader -> RowText.order(~reader.u64());
        Form BYTES_16 = reader -> HexFormat.of().formatHex(reader.raw(16));
        Form OBJECT_KEY = reader -> RowText.text(new String(reader.objectKey(), StandardCharsets.UTF_8));
        Form REST_TEXT = reader -> RowText.text(new String(rest(reader), StandardCharsets.UTF_8));
        Form REST = reader -> HexFormat.of().formatHex(rest(reader));

        String read(RowReader reader);
    }

    private record Field(String name, Form form) {}

    private static final Field TENANT = new Field("tenant", Form.U32);
    private static final Field DOMAIN = new Field("domain", Form.U32);
    private static final Field BUCKET_ID = new Field("bucketId", Form.U64);
    private static final Field OBJECT_KEY = new Field("objectKey", Form.OBJECT_KEY);
    private static final Field SLOT = new Field("slot", Form.U64);
    private static final Field CLASS = new Field("class", Form.U8);
    private static final Field LOG = new Field("log", Form.U16);
    private static final Field FIRST_INDEX = new Field("firstIndex", Form.U64);
    private static final Field LEVEL = new Field("level", Form.U8);
    private static final Field INDEX = new Field("index", Form.U64);

    private InspectedKey() {}

    private static byte[] rest(RowReader reader) {
        var rest = new ByteArrayOutputStream();
        while (!reader.atEnd()) {
            rest.write(reader.u8());
        }
        return rest.toByteArray();
    }

    /** The fields of a family's keys; a key may end before the last ones. */
    private static List<Field> fields(Family family) {
        return switch (family) {
            case FORMAT, RESTORE -> List.of();
            case TENANT, CHAIN -> List.of(TENANT);
            case BUCKET -> List.of(new Field("bucket", Form.REST_TEXT));
            case BUCKET_OF_TENANT -> List.of(TENANT, new Field("bucket", Form.REST_TEXT));
            case CONFIGURATION -> List.of(BUCKET_ID, new Field("kind", Form.U8));
            case CURRENT, NULL_VERSION -> List.of(BUCKET_ID, OBJECT_KEY);
            case NONCURRENT -> List.of(BUCKET_ID, OBJECT_KEY, new Field("order", Form.DESCENDING_ORDER));
            case SEALED -> List.of(BUCKET_ID, OBJECT_KEY, new Field("order", Form.U64));
            case SLOT -> List.of(DOMAIN, SLOT);
            case UPLOAD -> List.of(BUCKET_ID, OBJECT_KEY, new Field("upload", Form.BYTES_16));
            case PART -> List.of(new Field("upload", Form.BYTES_16), new Field("part", Form.U16));
            case PENDING -> List.of(DOMAIN, BUCKET_ID, OBJECT_KEY, SLOT);
            case PAGE -> List.of(DOMAIN, LEVEL, INDEX);
            case ROOT -> List.of(DOMAIN);
            case DROPPED_BLOB -> List.of(DOMAIN, new Field("blob", Form.BYTES_16));
            case RESERVATION -> List.of(DOMAIN, BUCKET_ID, new Field("first", Form.U64));
            case RECEIPT -> List.of(DOMAIN, new Field("generation", Form.U64), new Field("item", Form.U32));
            case PERIOD -> List.of(DOMAIN, CLASS, new Field("day", Form.U32));
            case EVENTS -> List.of(DOMAIN, CLASS, LOG, FIRST_INDEX);
            case LOG, CHECKPOINT -> List.of(LOG);
            case LEAVES -> List.of(LOG, FIRST_INDEX);
            case TILE -> List.of(LOG, LEVEL, INDEX);
            case RUN -> List.of(TENANT, new Field("firstSeq", Form.U64));
            case ACCESS_KEY -> List.of(new Field("accessKey", Form.REST_TEXT));
            case GRANT -> List.of(TENANT, new Field("grant", Form.BYTES_16));
            case ESCROW -> List.of(new Field("kind", Form.U8), new Field("id", Form.REST));
            case IDENTITY -> List.of(TENANT, new Field("kind", Form.U8), new Field("name", Form.REST_TEXT));
            case DUE -> List.of(new Field("due", Form.REST));
        };
    }

    /** @throws allod.base.Problem DAMAGED if the key is not one of the family's */
    static Map<String, String> read(Family family, byte[] key) {
        Map<String, String> read = new LinkedHashMap<>();
        var reader = new RowReader(String.valueOf((char) family.code), key);
        reader.u8();
        for (Field field : fields(family)) {
            if (!reader.atEnd()) {
                read.put(field.name, field.form.read(reader));
            }
        }
        reader.end();
        return read;
    }
}
