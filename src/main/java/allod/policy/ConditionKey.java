package allod.policy;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The condition keys that are known here. A policy with another is refused, since nothing could be decided by it. */
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

    private ConditionKey() {}

    /** A key in its one form: lower case but for the name of a tag. */
    public static String canonical(String key) {
        int slash = key.indexOf('/');
        return slash < 0
                ? key.toLowerCase(Locale.ROOT)
                : key.substring(0, slash).toLowerCase(Locale.ROOT) + key.substring(slash);
    }

    static boolean isKnown(String key) {
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
