package allod.store;

import allod.base.TenantId;
import allod.log.Hash;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of a row's record in words, by the names that the code gives them. Whatever is longer than 32 bytes is shown
 * by its length: everything sealed is, by its nonce and tag, and no key stands in a row unsealed.
 */
final class RowText {
    /** Longest text of one field. */
    static final int MAX_TEXT = 2000;

    private static final int SHOWN_BYTES = 32;
    private static final int SHOWN_ELEMENTS = 16;
    private static final int DEEPEST = 5;
    private static final Set<String> ORDERS = Set.of("order", "created", "since", "lastOrder");
    private static final Set<String> TIMES = Set.of("time");

    private RowText() {}

    static Map<String, String> fields(Record row) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (RecordComponent component : row.getClass().getRecordComponents()) {
            fields.put(component.getName(), cut(value(row, component, 0)));
        }
        return fields;
    }

    private static String value(Record row, RecordComponent component, int depth) {
        Object value = component(row, component);
        if (value instanceof byte[] bytes && isText(row)) {
            return text(new String(bytes, StandardCharsets.UTF_8));
        }
        if (value instanceof Long number && ORDERS.contains(component.getName())) {
            return order(number);
        }
        if (value instanceof Long number && TIMES.contains(component.getName())) {
            return number + " (" + time(number) + ")";
        }
        return shown(value, depth);
    }

    private static Object component(Record row, RecordComponent component) {
        try {
            return component.getAccessor().invoke(row);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the field " + component + " cannot be read", e);
        }
    }

    /** Bytes that are a name or a document of an owner's. */
    private static boolean isText(Record row) {
        return row instanceof SlotRow.Owner
                || row instanceof ConfigurationRow
                || row instanceof NamedIdentity
                || row instanceof NamedIdentity.Document;
    }

    private static String shown(Object value, int depth) {
        if (depth > DEEPEST) {
            return "...";
        }
        return switch (value) {
            case byte[] bytes -> bytes(bytes);
            case Optional<?> optional -> optional.isEmpty() ? "" : shown(optional.get(), depth);
            case List<?> list -> list(list, depth);
            case Hash hash -> HexFormat.of().formatHex(hash.bytes());
            case TenantId tenant -> Integer.toUnsignedString(tenant.value());
            case Record row when isOurs(row) -> record(row, depth);
            default -> text(String.valueOf(value));
        };
    }

    /** Whether its accessors may be asked: those of records that other packages keep to themselves may not. */
    private static boolean isOurs(Record row) {
        Class<?> kind = row.getClass();
        return kind.getPackage() == RowText.class.getPackage()
                || java.lang.reflect.Modifier.isPublic(kind.getModifiers());
    }

    private static String record(Record row, int depth) {
        RecordComponent[] components = row.getClass().getRecordComponents();
        if (components.length == 1) {
            return value(row, components[0], depth + 1);
        }
        var text = new StringBuilder("{");
        for (RecordComponent component : components) {
            text.append(text.length() == 1 ? "" : ", ")
                    .append(component.getName())
                    .append(": ")
                    .append(value(row, component, depth + 1));
        }
        return text.append("}").toString();
    }

    private static String list(List<?> list, int depth) {
        var text = new StringBuilder("[");
        for (Object element : list.subList(0, Math.min(SHOWN_ELEMENTS, list.size()))) {
            text.append(text.length() == 1 ? "" : ", ").append(shown(element, depth + 1));
        }
        if (list.size() > SHOWN_ELEMENTS) {
            text.append(", and ").append(list.size() - SHOWN_ELEMENTS).append(" more");
        }
        return text.append("]").toString();
    }

    static String bytes(byte[] bytes) {
        return bytes.length > SHOWN_BYTES
                ? bytes.length + " bytes"
                : HexFormat.of().formatHex(bytes);
    }

    /** An order with the time in it. */
    static String order(long order) {
        return Long.toUnsignedString(order) + (order == 0 ? "" : " (" + time(Order.micros(Order.time(order))) + ")");
    }

    private static String time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }

    /** Text without control characters, so that it cannot play with a terminal. */
    static String text(String text) {
        return cut(text.replaceAll("\\p{Cntrl}", "?"));
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "... " + text.length() + " characters";
    }
}
