package allod.s3;

import allod.http.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A bucket's rules for scripts of other origins.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html">CORS in S3</a>
 * @see <a href="https://fetch.spec.whatwg.org/#http-cors-protocol">The CORS protocol</a>
 */
record Cors(List<Rule> rules) {
    static final int MAX_RULES = 100;
    static final int MAX_DOCUMENT = 64 << 10;
    static final String REQUEST_METHOD = "Access-Control-Request-Method";
    static final String REQUEST_HEADERS = "Access-Control-Request-Headers";
    private static final List<String> METHODS = List.of("GET", "PUT", "POST", "DELETE", "HEAD");
    private static final int MAX_ID = 255;

    /**
     * One rule.
     *
     * @param origins each with one asterisk at most; so are {@code headers}, which are compared without case
     */
    record Rule(
            Optional<String> id,
            List<String> origins,
            List<String> methods,
            List<String> headers,
            List<String> exposed,
            OptionalInt maxAge) {

        boolean allows(String origin, String method, List<String> asked) {
            return origins.stream().anyMatch(pattern -> matches(pattern, origin))
                    && methods.contains(method)
                    && asked.stream().allMatch(name -> allowsHeader(name));
        }

        private boolean allowsHeader(String name) {
            return headers.stream()
                    .anyMatch(pattern -> matches(pattern.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT)));
        }

        /** The headers of an answer to a script that this rule lets. */
        Headers answer(String origin, List<String> asked) {
            Headers.Builder answer = Headers.builder();
            boolean anyone = origins.contains("*");
            answer.add("Access-Control-Allow-Origin", anyone ? "*" : origin);
            if (!anyone) {
                answer.add("Access-Control-Allow-Credentials", "true");
            }
            answer.add("Access-Control-Allow-Methods", String.join(", ", methods));
            if (!asked.isEmpty()) {
                answer.add("Access-Control-Allow-Headers", String.join(", ", asked));
            }
            if (!exposed.isEmpty()) {
                answer.add("Access-Control-Expose-Headers", String.join(", ", exposed));
            }
            maxAge.ifPresent(seconds -> answer.add("Access-Control-Max-Age", Integer.toString(seconds)));
            return answer.add("Vary", "Origin, " + REQUEST_HEADERS + ", " + REQUEST_METHOD)
                    .build();
        }
    }

    static boolean matches(String pattern, String text) {
        int star = pattern.indexOf('*');
        if (star < 0) {
            return pattern.equals(text);
        }
        String tail = pattern.substring(star + 1);
        return text.length() >= star + tail.length()
                && text.startsWith(pattern.substring(0, star))
                && text.endsWith(tail);
    }

    /** The names in Access-Control-Request-Headers. */
    static List<String> names(Optional<String> header) {
        var names = new ArrayList<String>();
        for (String name : header.orElse("").split(",", -1)) {
            if (!name.isBlank()) {
                names.add(name.strip());
            }
        }
        return names;
    }

    Optional<Rule> find(String origin, String method, List<String> asked) {
        return rules.stream().filter(rule -> rule.allows(origin, method, asked)).findFirst();
    }

    /** @throws S3Refusal MALFORMED_XML, INVALID_REQUEST */
    static Cors parse(byte[] document) {
        XmlElement configuration = XmlElement.parse(document, "CORSConfiguration");
        var rules = new ArrayList<Rule>();
        for (XmlElement child : configuration.children()) {
            if (!child.name().equals("CORSRule")) {
                throw XmlElement.malformed("A CORSConfiguration has no " + child.name() + ".");
            }
            rules.add(rule(child));
        }
        if (rules.isEmpty()) {
            throw XmlElement.malformed("It has no CORSRule.");
        }
        if (rules.size() > MAX_RULES) {
            throw S3Refusal.request("The number of CORS rules should not exceed allowed limit of " + MAX_RULES
                    + " rules. There are " + rules.size() + ". Leave some out.");
        }
        return new Cors(List.copyOf(rules));
    }

    private static Rule rule(XmlElement rule) {
        var origins = new ArrayList<String>();
        var methods = new ArrayList<String>();
        var headers = new ArrayList<String>();
        var exposed = new ArrayList<String>();
        for (XmlElement child : rule.children()) {
            String text = child.text().strip();
            switch (child.name()) {
                case "AllowedOrigin" -> origins.add(oneAsterisk("AllowedOrigin", text));
                case "AllowedMethod" -> methods.add(method(text));
                case "AllowedHeader" -> headers.add(oneAsterisk("AllowedHeader", text));
                case "ExposeHeader" -> exposed.add(exposed(text));
                case "ID", "MaxAgeSeconds" -> {}
                default -> throw XmlElement.malformed("A CORSRule has no " + child.name() + ".");
            }
        }
        if (origins.isEmpty() || methods.isEmpty()) {
            throw XmlElement.malformed("A CORSRule has an AllowedOrigin and an AllowedMethod.");
        }
        Optional<String> id = rule.childText("ID");
        if (id.isPresent() && id.get().length() > MAX_ID) {
            throw S3Refusal.request("The ID of a CORS rule has at most " + MAX_ID + " characters. Shorten it.");
        }
        return new Rule(id, origins, methods, headers, exposed, maxAge(rule));
    }

    private static OptionalInt maxAge(XmlElement rule) {
        Optional<String> text = rule.childText("MaxAgeSeconds").map(String::strip);
        return text.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(Parameters.number("MaxAgeSeconds", text.get(), 0, Integer.MAX_VALUE));
    }

    private static String method(String text) {
        if (!METHODS.contains(text)) {
            throw S3Refusal.request("Found unsupported HTTP method in CORS config. Unsupported method is " + text
                    + ". There are " + String.join(", ", METHODS) + ". Name those.");
        }
        return text;
    }

    private static String oneAsterisk(String element, String text) {
        if (text.isEmpty() || text.indexOf('*') != text.lastIndexOf('*') || !isHeaderText(text)) {
            throw S3Refusal.request(element + " \"" + text + "\" can not have more than one wildcard, and is printable"
                    + " ASCII. Correct it.");
        }
        return text;
    }

    private static String exposed(String text) {
        if (text.isEmpty() || text.indexOf('*') >= 0 || !isHeaderText(text)) {
            throw S3Refusal.request(
                    "ExposeHeader \"" + text + "\" contains wildcard. We currently do not support wildcard"
                            + " for ExposeHeader. Name each header.");
        }
        return text;
    }

    private static boolean isHeaderText(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /** The rules again, as they are kept and given back. */
    XmlWriter document() {
        XmlWriter xml = XmlWriter.document("CORSConfiguration");
        for (Rule rule : rules) {
            xml.open("CORSRule");
            rule.id().ifPresent(id -> xml.element("ID", id));
            rule.headers().forEach(header -> xml.element("AllowedHeader", header));
            rule.methods().forEach(method -> xml.element("AllowedMethod", method));
            rule.origins().forEach(origin -> xml.element("AllowedOrigin", origin));
            rule.exposed().forEach(header -> xml.element("ExposeHeader", header));
            rule.maxAge().ifPresent(seconds -> xml.element("MaxAgeSeconds", seconds));
            xml.close();
        }
        return xml;
    }
}
