package allod.s3;

import allod.store.LifecycleRule;
import allod.store.LifecycleRule.Expiring;
import allod.store.LifecycleRule.Filter;
import allod.store.LifecycleRule.Noncurrent;
import allod.store.LifecycleRules;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Lifecycle rules as S3 writes them, in both forms of its API: with a Prefix, or with a Filter.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html">
 *     PutBucketLifecycleConfiguration</a>
 */
final class LifecycleDocument {
    static final int MAX_DOCUMENT = 1 << 20;

    private static final int MAX_ID = 255;
    private static final int MAX_NEWER = 100;
    private static final String ROOT = "LifecycleConfiguration";

    private LifecycleDocument() {}

    /**
     * Reads rules; one without an ID is given one.
     *
     * @throws S3Refusal MALFORMED_XML, INVALID_ARGUMENT, INVALID_REQUEST; NOT_IMPLEMENTED for transitions
     */
    static LifecycleRules parse(byte[] document) {
        XmlElement root = XmlElement.parse(document, ROOT);
        List<XmlElement> rules = root.children();
        if (rules.isEmpty() || rules.size() > LifecycleRules.MAX) {
            throw XmlElement.malformed(
                    "It has " + rules.size() + " rules, and may have 1 to " + LifecycleRules.MAX + ".");
        }
        Set<String> ids = ids(rules);
        var read = new ArrayList<LifecycleRule>(rules.size());
        for (XmlElement rule : rules) {
            read.add(rule(rule, id(rule).orElseGet(() -> unused(ids))));
        }
        return new LifecycleRules(read);
    }

    private static Set<String> ids(List<XmlElement> rules) {
        Set<String> ids = new HashSet<>();
        for (XmlElement rule : rules) {
            if (!rule.name().equals("Rule")) {
                throw XmlElement.malformed("A " + ROOT + " has no " + rule.name() + ".");
            }
            id(rule).filter(id -> !ids.add(id)).ifPresent(twice -> {
                throw S3Refusal.argument(
                        "ID",
                        twice,
                        "Rule ID must be unique. Found same ID for more than one rule. Give each its own.");
            });
        }
        return ids;
    }

    private static Optional<String> id(XmlElement rule) {
        Optional<String> id = rule.childText("ID").filter(text -> !text.isEmpty());
        if (id.filter(text -> text.length() > MAX_ID).isPresent()) {
            throw S3Refusal.argument("ID", id.get(), "ID length should not exceed allowed limit of 255. Shorten it.");
        }
        return id;
    }

    private static String unused(Set<String> ids) {
        int number = 1;
        while (!ids.add("rule-" + number)) {
            number++;
        }
        return "rule-" + number;
    }

    private static LifecycleRule rule(XmlElement rule, String id) {
        for (XmlElement child : rule.children()) {
            switch (child.name()) {
                case "ID",
                        "Status",
                        "Prefix",
                        "Filter",
                        "Expiration",
                        "NoncurrentVersionExpiration",
                        "AbortIncompleteMultipartUpload" -> {}
                case "Transition", "NoncurrentVersionTransition" ->
                    throw S3Refusal.unserved("the " + child.name() + " of a lifecycle rule");
                default -> throw XmlElement.malformed("A Rule has no " + child.name() + ".");
            }
        }
        boolean enabled = switch (rule.requiredText("Status").strip()) {
            case "Enabled" -> true;
            case "Disabled" -> false;
            default -> throw XmlElement.malformed("The Status of a Rule is Enabled or Disabled.");
        };
        Filter filter = filter(rule);
        Expiring expiration =
                rule.child("Expiration").map(LifecycleDocument::expiration).orElse(Expiring.NONE);
        Noncurrent noncurrent = rule.child("NoncurrentVersionExpiration")
                .map(LifecycleDocument::noncurrent)
                .orElse(Noncurrent.NONE);
        OptionalInt abort = rule.child("AbortIncompleteMultipartUpload")
                .map(LifecycleDocument::abort)
                .orElse(OptionalInt.empty());
        requireSense(filter, expiration, noncurrent, abort);
        return new LifecycleRule(id, enabled, filter, expiration, noncurrent, abort);
    }

    private static void requireSense(Filter filter, Expiring expiration, Noncurrent noncurrent, OptionalInt abort) {
        if (expiration.equals(Expiring.NONE) && noncurrent.equals(Noncurrent.NONE) && abort.isEmpty()) {
            throw S3Refusal.request(
                    "At least one action needs to be specified in a rule. This one ends nothing. Say what it ends.");
        }
        boolean ofContent = !filter.tags().isEmpty()
                || filter.sizeGreaterThan().isPresent()
                || filter.sizeLessThan().isPresent();
        if (ofContent && abort.isPresent()) {
            throw S3Refusal.request(
                    "AbortIncompleteMultipartUpload cannot be specified with Tags or an object size. An upload has"
                            + " neither. Put it into a rule of its own.");
        }
        if (ofContent && expiration.markers().isPresent()) {
            throw S3Refusal.request(
                    "ExpiredObjectDeleteMarker cannot be specified with Tags or an object size. A delete marker has"
                            + " neither. Put it into a rule of its own.");
        }
    }

    private static Filter filter(XmlElement rule) {
        Optional<XmlElement> filter = rule.child("Filter");
        Optional<String> prefix = rule.childText("Prefix");
        if (filter.isPresent() == prefix.isPresent()) {
            throw XmlElement.malformed("A Rule has either a Filter or a Prefix.");
        }
        if (prefix.isPresent()) {
            return new Filter(
                    LifecycleRule.Form.PREFIX,
                    prefix.map(LifecycleDocument::prefix),
                    Map.of(),
                    OptionalLong.empty(),
                    OptionalLong.empty());
        }
        List<XmlElement> children = filter.get().children();
        if (children.size() > 1) {
            throw XmlElement.malformed("A Filter has one element; several are joined by And.");
        }
        if (children.size() == 1 && children.get(0).name().equals("And")) {
            if (children.get(0).children().size() < 2) {
                throw XmlElement.malformed("An And joins at least two.");
            }
            return predicates(LifecycleRule.Form.AND, children.get(0));
        }
        return predicates(LifecycleRule.Form.FILTER, filter.get());
    }

    private static Filter predicates(LifecycleRule.Form form, XmlElement element) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (XmlElement child : element.children()) {
            switch (child.name()) {
                case "Prefix", "ObjectSizeGreaterThan", "ObjectSizeLessThan" -> {}
                case "Tag" -> tag(child, tags);
                default -> throw XmlElement.malformed("A " + element.name() + " has no " + child.name() + ".");
            }
        }
        OptionalLong greater = size(element, "ObjectSizeGreaterThan");
        OptionalLong less = size(element, "ObjectSizeLessThan");
        if (greater.isPresent() && less.isPresent() && less.getAsLong() <= greater.getAsLong()) {
            throw S3Refusal.request(
                    "'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'. No size lies"
                            + " between them. Correct one.");
        }
        return new Filter(form, element.childText("Prefix").map(LifecycleDocument::prefix), tags, greater, less);
    }

    private static String prefix(String prefix) {
        if (prefix.getBytes(StandardCharsets.UTF_8).length > 1024) {
            throw S3Refusal.request("The maximum size of a prefix is 1024. No key is longer. Shorten it.");
        }
        return prefix;
    }

    private static void tag(XmlElement tag, Map<String, String> tags) {
        for (XmlElement child : tag.children()) {
            if (!child.name().equals("Key") && !child.name().equals("Value")) {
                throw XmlElement.malformed("A Tag has no " + child.name() + ".");
            }
        }
        String key = tag.requiredText("Key");
        String value = tag.requiredText("Value");
        if (key.isEmpty() || key.length() > Tags.MAX_KEY || value.length() > Tags.MAX_VALUE) {
            throw S3Refusal.request("The Tag of a Filter is not valid. A key has 1 to " + Tags.MAX_KEY
                    + " characters and a value at most " + Tags.MAX_VALUE + ". Correct it.");
        }
        if (tags.put(key, value) != null) {
            throw S3Refusal.request(
                    "Duplicate Tag Keys are not allowed. No object has two tags of one key. Leave one" + " out.");
        }
    }

    private static OptionalLong size(XmlElement element, String name) {
        Optional<String> text = element.childText(name).map(String::strip);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!text.get().matches("[0-9]{1,18}")) {
            throw S3Refusal.argument(name, text.get(), name + " must be a number of bytes. It is not. Correct it.");
        }
        return OptionalLong.of(Long.parseLong(text.get()));
    }

    private static void requireOnly(XmlElement element, List<String> names) {
        for (XmlElement child : element.children()) {
            if (!names.contains(child.name())) {
                throw XmlElement.malformed("A " + element.name() + " has no " + child.name() + ".");
            }
        }
    }

    private static Expiring expiration(XmlElement element) {
        requireOnly(element, List.of("Days", "Date", "ExpiredObjectDeleteMarker"));
        if (element.children().size() != 1) {
            throw XmlElement.malformed("An Expiration has one of Days, Date and ExpiredObjectDeleteMarker.");
        }
        Optional<Boolean> markers = element.childText("ExpiredObjectDeleteMarker")
                .map(text -> switch (text.strip()) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw XmlElement.malformed("ExpiredObjectDeleteMarker is true or false.");
                });
        return new Expiring(
                positive(element, "Days", "Expiration"),
                element.childText("Date").map(LifecycleDocument::date),
                markers);
    }

    private static Instant date(String text) {
        Instant date;
        try {
            String stripped = text.strip();
            date = stripped.length() == 10
                    ? LocalDate.parse(stripped).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(stripped).toInstant();
        } catch (DateTimeException e) {
            throw XmlElement.malformed("Date is a time of ISO 8601.");
        }
        if (!LifecycleRule.isMidnight(date) || date.isBefore(Instant.EPOCH)) {
            throw S3Refusal.argument(
                    "Date", text, "'Date' must be at midnight GMT. It is not. Send it as 2030-01-31T00:00:00.000Z.");
        }
        return date;
    }

    private static Noncurrent noncurrent(XmlElement element) {
        requireOnly(element, List.of("NoncurrentDays", "NewerNoncurrentVersions"));
        OptionalInt days = positive(element, "NoncurrentDays", "NoncurrentVersionExpiration");
        if (days.isEmpty()) {
            throw XmlElement.malformed("A NoncurrentVersionExpiration has NoncurrentDays.");
        }
        OptionalInt newer = positive(element, "NewerNoncurrentVersions", "NoncurrentVersionExpiration");
        if (newer.isPresent() && newer.getAsInt() > MAX_NEWER) {
            throw S3Refusal.argument(
                    "NewerNoncurrentVersions",
                    Integer.toString(newer.getAsInt()),
                    "'NewerNoncurrentVersions' for NoncurrentVersionExpiration action must be at most " + MAX_NEWER
                            + ". It is more. Lower it.");
        }
        return new Noncurrent(days, newer);
    }

    private static OptionalInt abort(XmlElement element) {
        requireOnly(element, List.of("DaysAfterInitiation"));
        OptionalInt days = positive(element, "DaysAfterInitiation", "AbortIncompleteMultipartUpload");
        if (days.isEmpty()) {
            throw XmlElement.malformed("An AbortIncompleteMultipartUpload has DaysAfterInitiation.");
        }
        return days;
    }

    private static OptionalInt positive(XmlElement element, String name, String action) {
        Optional<String> text = element.childText(name).map(String::strip);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        boolean fits = text.get().matches("[0-9]{1,10}")
                && Long.parseLong(text.get()) >= 1
                && Long.parseLong(text.get()) <= Integer.MAX_VALUE;
        if (!fits) {
            throw S3Refusal.argument(
                    name,
                    text.get(),
                    "'" + name + "' for " + action + " action must be a positive integer. It is not. Correct it.");
        }
        return OptionalInt.of(Integer.parseInt(text.get()));
    }

    static XmlWriter write(LifecycleRules rules) {
        XmlWriter xml = XmlWriter.document(ROOT);
        for (LifecycleRule rule : rules.rules()) {
            xml.open("Rule").element("ID", rule.id());
            write(xml, rule.filter());
            xml.element("Status", rule.enabled() ? "Enabled" : "Disabled");
            write(xml, rule.expiration());
            write(xml, rule.noncurrent());
            rule.abortDays()
                    .ifPresent(days -> xml.open("AbortIncompleteMultipartUpload")
                            .element("DaysAfterInitiation", days)
                            .close());
            xml.close();
        }
        return xml;
    }

    private static void write(XmlWriter xml, Filter filter) {
        if (filter.form() == LifecycleRule.Form.PREFIX) {
            xml.element("Prefix", filter.prefix().orElse(""));
            return;
        }
        xml.open("Filter");
        if (filter.form() == LifecycleRule.Form.AND) {
            xml.open("And");
        }
        filter.prefix().ifPresent(prefix -> xml.element("Prefix", prefix));
        filter.tags()
                .forEach((key, value) -> xml.open("Tag")
                        .element("Key", key)
                        .element("Value", value)
                        .close());
        filter.sizeGreaterThan().ifPresent(size -> xml.element("ObjectSizeGreaterThan", size));
        filter.sizeLessThan().ifPresent(size -> xml.element("ObjectSizeLessThan", size));
        if (filter.form() == LifecycleRule.Form.AND) {
            xml.close();
        }
        xml.close();
    }

    private static void write(XmlWriter xml, Expiring expiration) {
        if (expiration.equals(Expiring.NONE)) {
            return;
        }
        xml.open("Expiration");
        expiration.days().ifPresent(days -> xml.element("Days", days));
        expiration.date().ifPresent(date -> xml.element("Date", HttpDates.document(date)));
        expiration.markers().ifPresent(markers -> xml.element("ExpiredObjectDeleteMarker", markers));
        xml.close();
    }

    private static void write(XmlWriter xml, Noncurrent noncurrent) {
        if (noncurrent.equals(Noncurrent.NONE)) {
            return;
        }
        xml.open("NoncurrentVersionExpiration");
        noncurrent.days().ifPresent(days -> xml.element("NoncurrentDays", days));
        noncurrent.newer().ifPresent(newer -> xml.element("NewerNoncurrentVersions", newer));
        xml.close();
    }
}
