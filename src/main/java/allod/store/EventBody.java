package allod.store;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes the JSON body of an event: what was done, by whom, why, to what, with which outcome. Members stand in the order
 * they are added; there is never a query string, an ETag, a checksum of content or a secret among them.
 */
final class EventBody {
    private static final String HEX = "0123456789abcdef";

    private final StringBuilder json = new StringBuilder(320).append('{');

    /** Whose call it is, until it is known in which bucket; a request may be a stranger's in one and not in the other. */
    private @Nullable Caller caller;

    /** Where its members go. */
    private int callersPlace;

    private EventBody() {}

    /** Begins a body with its type, such as {@code object.get}. */
    static EventBody of(String type) {
        return new EventBody().text("type", type);
    }

    /** A call by the owner, or by somebody whom the owner's policies let. */
    static EventBody of(String type, Caller caller) {
        EventBody body = of(type);
        body.caller = caller;
        body.callersPlace = body.json.length();
        return body;
    }

    /** A call by somebody who owns nothing of what it is about: the owner reads which tenant it was. */
    static EventBody ofStranger(String type, Caller caller) {
        return of(type).by(caller, true, "none");
    }

    /** A call by somebody of another tenant, whom the owner's policies let. */
    static EventBody ofGranted(String type, Caller caller) {
        return of(type).by(caller, true, "granted");
    }

    private EventBody by(Caller by, boolean stranger, String purpose) {
        text("actor", by.principal().name());
        if (stranger) {
            number("actor_tenant", by.tenant().value());
        }
        return text("access_key", by.accessKey().value())
                .text("purpose", purpose)
                .text("source", by.address())
                .text("request", by.requestId());
    }

    /** Writes whose call it is, before what was added since. */
    private void settle(boolean stranger) {
        Caller by = caller;
        if (by != null) {
            caller = null;
            String rest = json.substring(callersPlace);
            json.setLength(callersPlace);
            by(by, stranger, stranger ? "granted" : "owner");
            json.append(rest);
        }
    }

    EventBody bucket(BucketName bucket) {
        settle(caller != null && caller.admission().strange().contains(bucket));
        return text("bucket", bucket.value());
    }

    EventBody key(ObjectKey key) {
        return text("key", key.toString());
    }

    /** The version by its order, as a decimal text: it is past what JSON numbers carry safely. */
    EventBody version(long order) {
        return text("version", Long.toString(order));
    }

    EventBody outcome(String outcome) {
        return text("outcome", outcome);
    }

    EventBody text(String name, String value) {
        member(name);
        quote(value);
        return this;
    }

    EventBody number(String name, long value) {
        member(name);
        json.append(value);
        return this;
    }

    private void member(String name) {
        if (json.length() > 1) {
            json.append(',');
        }
        quote(name);
        json.append(':');
    }

    private void quote(String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < 0x20) {
                json.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    byte[] toBytes() {
        settle(false);
        int end = json.length();
        byte[] bytes = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
        json.setLength(end);
        return bytes;
    }
}
