package allod.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The actions that policies may name, with what each is done to.
 *
 * @see <a href="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html">Actions of S3</a>
 */
public final class Actions {
    /** What an action is done to. */
    enum Subject {
        SERVICE,
        BUCKET,
        OBJECT,
        ROLE
    }

    /**
     * An action.
     *
     * @param spelled as AWS spells it
     */
    private record Known(String spelled, Subject subject) {}

    /** By its name in lower case. */
    private static final Map<String, Known> KNOWN = known();

    private Actions() {}

    private static Map<String, Known> known() {
        var known = new HashMap<String, Known>();
        add(known, Subject.SERVICE, "s3:", "ListAllMyBuckets");
        add(
                known,
                Subject.BUCKET,
                "s3:",
                "CreateBucket DeleteBucket DeleteBucketPolicy DeleteBucketWebsite GetAccelerateConfiguration"
                        + " GetAnalyticsConfiguration GetBucketAcl GetBucketCORS GetBucketLocation GetBucketLogging"
                        + " GetBucketNotification GetBucketObjectLockConfiguration GetBucketOwnershipControls"
                        + " GetBucketPolicy GetBucketPolicyStatus GetBucketPublicAccessBlock GetBucketRequestPayment"
                        + " GetBucketTagging GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration"
                        + " GetIntelligentTieringConfiguration GetInventoryConfiguration GetLifecycleConfiguration"
                        + " GetMetricsConfiguration GetReplicationConfiguration ListBucket ListBucketMultipartUploads"
                        + " ListBucketVersions PutAccelerateConfiguration PutAnalyticsConfiguration PutBucketAcl"
                        + " PutBucketCORS PutBucketLogging PutBucketNotification PutBucketObjectLockConfiguration"
                        + " PutBucketOwnershipControls PutBucketPolicy PutBucketPublicAccessBlock"
                        + " PutBucketRequestPayment PutBucketTagging PutBucketVersioning PutBucketWebsite"
                        + " PutEncryptionConfiguration PutIntelligentTieringConfiguration PutInventoryConfiguration"
                        + " PutLifecycleConfiguration PutMetricsConfiguration PutReplicationConfiguration");
        add(
                known,
                Subject.OBJECT,
                "s3:",
                "AbortMultipartUpload BypassGovernanceRetention DeleteObject DeleteObjectTagging DeleteObjectVersion"
                        + " DeleteObjectVersionTagging GetObject GetObjectAcl GetObjectAttributes GetObjectLegalHold"
                        + " GetObjectRetention GetObjectTagging GetObjectTorrent GetObjectVersion GetObjectVersionAcl"
                        + " GetObjectVersionAttributes GetObjectVersionForReplication GetObjectVersionTagging"
                        + " GetObjectVersionTorrent InitiateReplication ListMultipartUploadParts"
                        + " ObjectOwnerOverrideToBucketOwner PutObject PutObjectAcl PutObjectLegalHold"
                        + " PutObjectRetention PutObjectTagging PutObjectVersionAcl PutObjectVersionTagging"
                        + " ReplicateDelete ReplicateObject ReplicateTags RestoreObject");
        // GetSessionToken and GetCallerIdentity ask no policy, so none may speak of them.
        add(known, Subject.ROLE, "sts:", "AssumeRole");
        return Map.copyOf(known);
    }

    private static void add(Map<String, Known> known, Subject subject, String service, String names) {
        for (String name : names.split(" ", -1)) {
            String spelled = service + name;
            known.put(spelled.toLowerCase(Locale.ROOT), new Known(spelled, subject));
        }
    }

    /** The subjects of the actions that a pattern names; empty if it names none. */
    static List<Subject> subjects(Glob pattern) {
        var found = new ArrayList<Subject>(4);
        Glob.Resolved resolved = pattern.resolve(key -> List.of()).orElseThrow();
        KNOWN.forEach((action, known) -> {
            Subject subject = known.subject();
            if (!found.contains(subject) && resolved.matches(action, true)) {
                found.add(subject);
            }
        });
        return found;
    }

    /** The actions that can be done to these, in lower case. */
    static Stream<String> of(Collection<Subject> subjects) {
        return KNOWN.entrySet().stream()
                .filter(known -> subjects.contains(known.getValue().subject()))
                .map(Map.Entry::getKey);
    }

    /** An action that policies may name, in any case, as AWS spells it and decisions compare it. */
    public static Optional<String> spelled(String action) {
        return Optional.ofNullable(KNOWN.get(action.toLowerCase(Locale.ROOT))).map(Known::spelled);
    }
}
