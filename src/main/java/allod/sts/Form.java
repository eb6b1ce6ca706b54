package allod.sts;

import allod.http.Query;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The parameters of a request: each once, and each one that the action takes. */
final class Form {
    private final Map<String, String> values;
    private final Set<String> unread;

    private Form(Map<String, String> values) {
        this.values = values;
        this.unread = new HashSet<>(values.keySet());
    }

    /** @throws StsRefusal if it is not a form, or a parameter stands twice */
    static Form parse(byte[] content) {
        var values = new HashMap<String, String>();
        Query form;
        try {
            // A plus sign is a space in a form, and itself in a query.
            form = Query.parse(new String(content, StandardCharsets.ISO_8859_1).replace("+", "%20"));
        } catch (IllegalArgumentException e) {
            throw StsRefusal.invalid("The content is not a form of percent-encoded UTF-8.");
        }
        for (Query.Parameter parameter : form.parameters()) {
            if (values.put(parameter.name(), parameter.value()) != null) {
                throw StsRefusal.invalid("The parameter " + parameter.name() + " stands twice.");
            }
        }
        return new Form(values);
    }

    Optional<String> text(String name) {
        unread.remove(name);
        return Optional.ofNullable(values.get(name));
    }

    String required(String name) {
        return text(name)
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> StsRefusal.invalid("The request must contain the parameter " + name + "."));
    }

    /** A number of seconds in a range; empty if it is not given. */
    Optional<Long> seconds(String name, long least, long most) {
        return text(name).map(value -> {
            boolean number = value.matches("[0-9]{1,9}");
            if (!number || Long.parseLong(value) < least || Long.parseLong(value) > most) {
                throw StsRefusal.invalid(
                        "The value of " + name + " must be from " + least + " to " + most + " seconds here.");
            }
            return Long.parseLong(value);
        });
    }

    /** What the action did not ask for is not served: it would change who may do what. */
    void requireNothingElse() {
        unread.stream().sorted().findFirst().ifPresent(name -> {
            throw StsRefusal.invalid("The parameter " + name + " is not served. Leave it out.");
        });
    }
}
