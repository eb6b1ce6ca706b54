package allod.cli;

import allod.Config;
import allod.base.Problem;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An event in one line: time, level, logger, message, the event's own key-value pairs, and the fault with the frames it
 * passed. Of a {@link Problem} only the reason is written, since its texts may name an object.
 */
final class LineEncoder extends EncoderBase<ILoggingEvent> {
    private static final int MAX_FRAMES = 12;
    private static final int MAX_CAUSES = 4;

    private final Config.Logging.Format format;

    LineEncoder(Config.Logging.Format format) {
        this.format = format;
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("time", Instant.ofEpochMilli(event.getTimeStamp()).toString());
        fields.put("level", event.getLevel().toString());
        fields.put("logger", event.getLoggerName());
        fields.put("msg", event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            event.getKeyValuePairs().forEach(pair -> fields.put(pair.key, String.valueOf(pair.value)));
        }
        IThrowableProxy fault = event.getThrowableProxy();
        if (fault != null) {
            fields.put("error", causes(fault));
            fields.put("at", frames(fault));
        }
        String line = switch (format) {
            case TEXT -> text(fields);
            case JSON -> json(fields);
        };
        return line.getBytes(StandardCharsets.UTF_8);
    }

    private static String causes(IThrowableProxy fault) {
        StringBuilder all = new StringBuilder(described(fault));
        IThrowableProxy cause = fault.getCause();
        for (int count = 0; cause != null && count < MAX_CAUSES; count++) {
            all.append(" caused by ").append(described(cause));
            cause = cause.getCause();
        }
        return all.toString();
    }

    private static String described(IThrowableProxy fault) {
        if (fault instanceof ThrowableProxy proxy && proxy.getThrowable() instanceof Problem problem) {
            return "Problem " + problem.reason();
        }
        return fault.getClassName() + (fault.getMessage() == null ? "" : ": " + fault.getMessage());
    }

    private static String frames(IThrowableProxy fault) {
        StackTraceElementProxy[] frames = fault.getStackTraceElementProxyArray();
        return Arrays.stream(frames)
                .limit(MAX_FRAMES)
                .map(frame -> {
                    StackTraceElement element = frame.getStackTraceElement();
                    return element.getClassName() + "." + element.getMethodName() + ":" + element.getLineNumber();
                })
                .collect(Collectors.joining(" "));
    }

    private static String text(Map<String, String> fields) {
        return fields.entrySet().stream()
                        .map(field -> field.getKey() + "="
                                + (plain(field.getValue()) ? field.getValue() : quoted(field.getValue())))
                        .collect(Collectors.joining(" "))
                + "\n";
    }

    private static String json(Map<String, String> fields) {
        return fields.entrySet().stream()
                        .map(field -> quoted(field.getKey()) + ":" + quoted(field.getValue()))
                        .collect(Collectors.joining(",", "{", "}"))
                + "\n";
    }

    private static boolean plain(String value) {
        return !value.isEmpty()
                && value.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '\\');
    }

    /** A JSON string: no control character gets through, so an event is one line whatever it says. */
    private static String quoted(String value) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' '
                            || c == 0x7f
                            || Character.isSurrogate(c)
                            || c == '\u2028'
                            || c == '\u2029'
                            || c == '\u0085') {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
