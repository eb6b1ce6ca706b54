package allod.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The condition keys that are known here. A policy with another is refused, since nothing could be decided by it.
 *
 * @see <a href="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html">Which action of S3
 *     has which key</a>
 */
public final class ConditionKey {
    private static final Set<String> KNOWN = Set.of(
            "aws:sourceip",
            "aws:securetransport",
            "aws:principalarn",
            "aws:principalaccount",
            "aws:principaltype",
            "aws:currenttime",
            "aws:epochtime",
            "aws:userid",
            "aws:username",
            "aws:referer",
            "aws:useragent",
            "s3:prefix",
            "s3:delimiter",
            "s3:max-keys",
            "s3:versionid",
            "s3:x-amz-acl",
            "s3:x-amz-grant-read",
            "s3:x-amz-grant-write",
            "s3:x-amz-grant-read-acp",
            "s3:x-amz-grant-write-acp",
            "s3:x-amz-grant-full-control",
            "s3:x-amz-copy-source",
            "s3:x-amz-metadata-directive",
            "s3:x-amz-server-side-encryption",
            "s3:x-amz-server-side-encryption-aws-kms-key-id",
            "s3:x-amz-server-side-encryption-customer-algorithm",
            "s3:x-amz-storage-class",
            "s3:x-amz-content-sha256",
            "s3:x-amz-object-ownership",
            "s3:requestobjecttagkeys",
            "s3:object-lock-mode",
            "s3:object-lock-retain-until-date",
            "s3:object-lock-remaining-retention-days",
            "s3:object-lock-legal-hold",
            "s3:authtype",
            "s3:signatureage",
            "s3:signatureversion",
            "sts:externalid",
            "sts:rolesessionname");

    /** Keys that end in the name of a tag, whose case counts. */
    private static final List<String> WITH_TAG = List.of("s3:existingobjecttag/", "s3:requestobjecttag/");

    /** Of the keys that not every action has, the actions that have them, all in lower case. */
    private static final Map<String, Set<String>> ACTIONS = actions();

    private ConditionKey() {}

    private static Map<String, Set<String>> actions() {
        var actions = new HashMap<String, Set<String>>();
        add(actions, "s3:", "ListBucket ListBucketVersions", "s3:prefix s3:delimiter s3:max-keys");
        add(
                actions,
                "s3:",
                "DeleteObjectVersion DeleteObjectVersionTagging GetObjectVersion GetObjectVersionAcl"
                        + " GetObjectVersionAttributes GetObjectVersionTagging GetObjectVersionTorrent"
                        + " PutObjectVersionAcl PutObjectVersionTagging",
                "s3:versionid");
        add(
                actions,
                "s3:",
                "DeleteObjectTagging DeleteObjectVersionTagging GetObject GetObjectAcl GetObjectAttributes"
                        + " GetObjectTagging GetObjectVersion GetObjectVersionAcl GetObjectVersionAttributes"
                        + " GetObjectVersionTagging PutObjectAcl PutObjectTagging PutObjectVersionAcl"
                        + " PutObjectVersionTagging",
                "s3:existingobjecttag/");
        add(
                actions,
                "s3:",
                "BypassGovernanceRetention PutObject PutObjectTagging PutObjectVersionTagging",
                "s3:requestobjecttag/ s3:requestobjecttagkeys");
        add(
                actions,
                "s3:",
                "BypassGovernanceRetention CreateBucket PutBucketAcl PutObject PutObjectAcl PutObjectVersionAcl",
                "s3:x-amz-acl s3:x-amz-grant-read s3:x-amz-grant-write s3:x-amz-grant-read-acp"
                        + " s3:x-amz-grant-write-acp s3:x-amz-grant-full-control");
        add(actions, "s3:", "BypassGovernanceRetention PutObject", "s3:x-amz-copy-source s3:x-amz-metadata-directive");
        add(
                actions,
                "s3:",
                "BypassGovernanceRetention PutObject ReplicateObject",
                "s3:x-amz-server-side-encryption s3:x-amz-server-side-encryption-aws-kms-key-id"
                        + " s3:x-amz-server-side-encryption-customer-algorithm");
        add(
                actions,
                "s3:",
                "BypassGovernanceRetention PutObject PutObjectAcl PutObjectVersionAcl",
                "s3:x-amz-storage-class");
        add(actions, "s3:", "CreateBucket", "s3:x-amz-object-ownership");
        add(
                actions,
                "s3:",
                "BypassGovernanceRetention PutObject PutObjectRetention",
                "s3:object-lock-mode s3:object-lock-retain-until-date s3:object-lock-remaining-retention-days");
        add(actions, "s3:", "BypassGovernanceRetention PutObject PutObjectLegalHold", "s3:object-lock-legal-hold");
        add(actions, "sts:", "AssumeRole", "sts:externalid sts:rolesessionname");
        return Map.copyOf(actions);
    }

    private static void add(Map<String, Set<String>> actions, String service, String names, String keys) {
        Set<String> having = Set.of((service + names.replace(" ", " " + service))
                .toLowerCase(Locale.ROOT)
                .split(" ", -1));
        for (String key : keys.split(" ", -1)) {
            actions.put(key, having);
        }
    }

    /**
     * Whether a request for an action says anything under a key.
     *
     * @param key canonical
     * @param action in any case
     */
    static boolean isOf(String key, String action) {
        return actions(key)
                .filter(having -> !having.contains(action.toLowerCase(Locale.ROOT)))
                .isEmpty();
    }

    /** The actions that have a canonical key, in lower case; empty if every one has it. */
    static Optional<Set<String>> actions(String key) {
        int slash = key.indexOf('/');
        return Optional.ofNullable(ACTIONS.get(slash < 0 ? key : key.substring(0, slash + 1)));
    }

    /** A key in its one form: lower case but for the name of a tag. */
    public static String canonical(String key) {
        int slash = key.indexOf('/');
        return slash < 0
                ? key.toLowerCase(Locale.ROOT)
                : key.substring(0, slash).toLowerCase(Locale.ROOT) + key.substring(slash);
    }

    /** Whether anything can be decided by a key, in any case. */
    public static boolean isKnown(String key) {
        String canonical = canonical(key);
        return KNOWN.contains(canonical)
                || WITH_TAG.stream()
                        .anyMatch(prefix -> canonical.startsWith(prefix) && canonical.length() > prefix.length());
    }

    static String require(String key) {
        if (!isKnown(key)) {
            throw new MalformedPolicyException("Policy has an invalid condition key: " + key
                    + ". Nothing is decided by it here; docs/access.md lists those there are.");
        }
        return key;
    }
}
