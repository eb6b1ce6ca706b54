package allod.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A bucket's lifecycle rules: what they say of one version or upload. Knows no rows and no clock. */
public record LifecycleRules(List<LifecycleRule> rules) {
    /** S3's limit. */
    public static final int MAX = 1000;

    static final LifecycleRules NONE = new LifecycleRules(List.of());

    public LifecycleRules {
        rules = List.copyOf(rules);
    }

    /** When a rule ends something. */
    record Due(Instant at, LifecycleRule rule) {
        private static final Comparator<Due> SOONEST = Comparator.comparing(Due::at);
    }

    /**
     * What is known of a current version. Where its tags are not known a rule that asks for tags counts as fitting: its time
     * is looked at again with them.
     */
    record Current(ObjectKey key, long size, Optional<Map<String, String>> tags, Instant created) {}

    private static boolean fits(LifecycleRule rule, ObjectKey key, long size, Optional<Map<String, String>> tags) {
        LifecycleRule.Filter filter = rule.filter();
        return rule.enabled()
                && filter.takes(key)
                && filter.takes(size)
                && tags.map(filter::takes).orElse(true);
    }

    /** When a current version ends. */
    Optional<Due> ofCurrent(Current version, Duration day) {
        return rules.stream()
                .filter(rule -> fits(rule, version.key, version.size, version.tags))
                .flatMap(rule -> expiry(rule, version.created, day).stream())
                .min(Due.SOONEST);
    }

    private static Optional<Due> expiry(LifecycleRule rule, Instant created, Duration day) {
        LifecycleRule.Expiring expiring = rule.expiration();
        if (expiring.date().isPresent()) {
            return Optional.of(new Due(expiring.date().get(), rule));
        }
        return expiring.days().isPresent()
                ? Optional.of(new Due(LifecycleRule.due(created, expiring.days().getAsInt(), day), rule))
                : Optional.empty();
    }

    /** When a marker ends that hides nothing any more. A marker has neither size nor tags. */
    Optional<Due> ofLoneMarker(ObjectKey key, Instant created, Duration day) {
        return rules.stream()
                .filter(rule -> rule.enabled()
                        && rule.filter().takes(key)
                        && !rule.filter().looksAtContent())
                .flatMap(rule -> {
                    boolean soon = rule.expiration().markers().orElse(false);
                    return (soon
                                    ? Optional.of(new Due(LifecycleRule.due(created, 0, day), rule))
                                    : expiry(rule, created, day))
                            .stream();
                })
                .min(Due.SOONEST);
    }

    /**
     * When a noncurrent version ends.
     *
     * @param since when something took its place
     * @param newer how many noncurrent versions are newer; empty to count it as enough
     */
    Optional<Due> ofNoncurrent(Current version, Instant since, OptionalInt newer, Duration day) {
        return rules.stream()
                .filter(rule -> rule.noncurrent().days().isPresent())
                .filter(rule -> fits(rule, version.key, version.size, version.tags))
                .filter(rule -> newer.isEmpty()
                        || newer.getAsInt() >= rule.noncurrent().newer().orElse(0))
                .map(rule -> new Due(
                        LifecycleRule.due(since, rule.noncurrent().days().getAsInt(), day), rule))
                .min(Due.SOONEST);
    }

    Optional<Due> ofUpload(ObjectKey key, Instant begun, Duration day) {
        return rules.stream()
                .filter(rule -> rule.enabled()
                        && rule.filter().takes(key)
                        && rule.abortDays().isPresent())
                .map(rule -> new Due(LifecycleRule.due(begun, rule.abortDays().getAsInt(), day), rule))
                .min(Due.SOONEST);
    }

    /** When a marker ends that is not current. It is no version, so it is never among those that are kept. */
    Optional<Due> ofNoncurrentMarker(ObjectKey key, Instant since, Duration day) {
        return rules.stream()
                .filter(rule -> rule.enabled()
                        && rule.filter().takes(key)
                        && !rule.filter().looksAtContent()
                        && rule.noncurrent().days().isPresent())
                .map(rule -> new Due(
                        LifecycleRule.due(since, rule.noncurrent().days().getAsInt(), day), rule))
                .min(Due.SOONEST);
    }

    /** Whether any rule is for a key. */
    boolean takes(ObjectKey key) {
        return rules.stream().anyMatch(rule -> rule.enabled() && rule.filter().takes(key));
    }

    /**
     * When a key is first to be looked at after something new came to it: never later than any rule could end something of
     * it that is new, or that the new thing put out of its place.
     */
    Optional<Instant> firstLook(ObjectKey key, Instant now, Duration day) {
        return rules.stream()
                .filter(rule -> rule.enabled() && rule.filter().takes(key))
                .flatMap(rule -> looks(rule, now, day).stream())
                .min(Comparator.naturalOrder());
    }

    private static List<Instant> looks(LifecycleRule rule, Instant now, Duration day) {
        List<Instant> looks = new ArrayList<>(3);
        LifecycleRule.Expiring expiring = rule.expiration();
        expiring.date().ifPresent(date -> looks.add(date.isAfter(now) ? date : now));
        expiring.days().ifPresent(days -> looks.add(LifecycleRule.due(now, days, day)));
        rule.noncurrent().days().ifPresent(days -> looks.add(LifecycleRule.due(now, days, day)));
        rule.abortDays().ifPresent(days -> looks.add(LifecycleRule.due(now, days, day)));
        // One more version may put an old one out of those that are kept; a new marker may hide nothing.
        if (rule.noncurrent().newer().isPresent() || expiring.markers().orElse(false)) {
            looks.add(LifecycleRule.due(now, 0, day));
        }
        return looks;
    }

    /** Whether a rule that is for the key asks for tags. */
    boolean askForTags(ObjectKey key) {
        return rules.stream()
                .anyMatch(rule -> rule.enabled()
                        && rule.filter().takes(key)
                        && !rule.filter().tags().isEmpty());
    }

    /** The document that the bucket keeps. */
    public byte[] encode() {
        var row = new RowWriter(128 * rules.size() + 8).u8(1).u16(rules.size());
        rules.forEach(rule -> rule.write(row));
        return row.toBytes();
    }

    /** @throws allod.base.Problem DAMAGED */
    public static LifecycleRules decode(byte[] document) {
        var row = new RowReader("lifecycle rules", document).format(1);
        List<LifecycleRule> rules = new ArrayList<>();
        for (int left = row.u16(); left > 0; left--) {
            rules.add(LifecycleRule.read(row));
        }
        row.end();
        return new LifecycleRules(rules);
    }
}
