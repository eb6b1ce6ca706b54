package allod.s3;

import static java.util.Map.entry;

import allod.http.Query;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters that name a subresource of a bucket or an object, and the operation each is under each method: the
 * tables of the S3 API reference.
 */
final class Subresources {
    /** Subresources of a bucket that are not served, by method and query parameter. */
    private static final Map<String, Map<String, Unserved>> OF_BUCKET = Map.of(
            "GET",
            Map.ofEntries(
                    entry("abac", Unserved.GET_BUCKET_ABAC),
                    entry("accelerate", Unserved.GET_BUCKET_ACCELERATE_CONFIGURATION),
                    entry("acl", Unserved.GET_BUCKET_ACL),
                    entry("analytics", Unserved.LIST_BUCKET_ANALYTICS_CONFIGURATIONS),
                    entry("intelligent-tiering", Unserved.LIST_BUCKET_INTELLIGENT_TIERING_CONFIGURATIONS),
                    entry("inventory", Unserved.LIST_BUCKET_INVENTORY_CONFIGURATIONS),
                    entry("logging", Unserved.GET_BUCKET_LOGGING),
                    entry("metadataConfiguration", Unserved.GET_BUCKET_METADATA_CONFIGURATION),
                    entry("metadataTable", Unserved.GET_BUCKET_METADATA_TABLE_CONFIGURATION),
                    entry("metrics", Unserved.LIST_BUCKET_METRICS_CONFIGURATIONS),
                    entry("notification", Unserved.GET_BUCKET_NOTIFICATION_CONFIGURATION),
                    entry("replication", Unserved.GET_BUCKET_REPLICATION),
                    entry("requestPayment", Unserved.GET_BUCKET_REQUEST_PAYMENT),
                    entry("session", Unserved.CREATE_SESSION),
                    entry("website", Unserved.GET_BUCKET_WEBSITE)),
            "PUT",
            Map.ofEntries(
                    entry("abac", Unserved.PUT_BUCKET_ABAC),
                    entry("accelerate", Unserved.PUT_BUCKET_ACCELERATE_CONFIGURATION),
                    entry("acl", Unserved.PUT_BUCKET_ACL),
                    entry("analytics", Unserved.PUT_BUCKET_ANALYTICS_CONFIGURATION),
                    entry("intelligent-tiering", Unserved.PUT_BUCKET_INTELLIGENT_TIERING_CONFIGURATION),
                    entry("inventory", Unserved.PUT_BUCKET_INVENTORY_CONFIGURATION),
                    entry("logging", Unserved.PUT_BUCKET_LOGGING),
                    entry("metadataAnnotationTable", Unserved.UPDATE_BUCKET_METADATA_ANNOTATION_TABLE_CONFIGURATION),
                    entry("metadataInventoryTable", Unserved.UPDATE_BUCKET_METADATA_INVENTORY_TABLE_CONFIGURATION),
                    entry("metadataJournalTable", Unserved.UPDATE_BUCKET_METADATA_JOURNAL_TABLE_CONFIGURATION),
                    entry("metrics", Unserved.PUT_BUCKET_METRICS_CONFIGURATION),
                    entry("notification", Unserved.PUT_BUCKET_NOTIFICATION_CONFIGURATION),
                    entry("replication", Unserved.PUT_BUCKET_REPLICATION),
                    entry("requestPayment", Unserved.PUT_BUCKET_REQUEST_PAYMENT),
                    entry("website", Unserved.PUT_BUCKET_WEBSITE)),
            "POST",
            Map.of(
                    "metadataConfiguration", Unserved.CREATE_BUCKET_METADATA_CONFIGURATION,
                    "metadataTable", Unserved.CREATE_BUCKET_METADATA_TABLE_CONFIGURATION),
            "DELETE",
            Map.ofEntries(
                    entry("analytics", Unserved.DELETE_BUCKET_ANALYTICS_CONFIGURATION),
                    entry("intelligent-tiering", Unserved.DELETE_BUCKET_INTELLIGENT_TIERING_CONFIGURATION),
                    entry("inventory", Unserved.DELETE_BUCKET_INVENTORY_CONFIGURATION),
                    entry("metadataConfiguration", Unserved.DELETE_BUCKET_METADATA_CONFIGURATION),
                    entry("metadataTable", Unserved.DELETE_BUCKET_METADATA_TABLE_CONFIGURATION),
                    entry("metrics", Unserved.DELETE_BUCKET_METRICS_CONFIGURATION),
                    entry("replication", Unserved.DELETE_BUCKET_REPLICATION),
                    entry("website", Unserved.DELETE_BUCKET_WEBSITE)));

    /** The one configuration that {@code id} names, where without it all are listed. */
    private static final Map<Unserved, Unserved> ONE_BY_ID = Map.of(
            Unserved.LIST_BUCKET_ANALYTICS_CONFIGURATIONS, Unserved.GET_BUCKET_ANALYTICS_CONFIGURATION,
            Unserved.LIST_BUCKET_INTELLIGENT_TIERING_CONFIGURATIONS,
                    Unserved.GET_BUCKET_INTELLIGENT_TIERING_CONFIGURATION,
            Unserved.LIST_BUCKET_INVENTORY_CONFIGURATIONS, Unserved.GET_BUCKET_INVENTORY_CONFIGURATION,
            Unserved.LIST_BUCKET_METRICS_CONFIGURATIONS, Unserved.GET_BUCKET_METRICS_CONFIGURATION);

    /** Subresources of an object that are not served. */
    private static final Map<String, Map<String, Unserved>> OF_OBJECT = Map.of(
            "GET",
            Map.of(
                    "acl", Unserved.GET_OBJECT_ACL,
                    "annotation", Unserved.LIST_OBJECT_ANNOTATIONS,
                    "torrent", Unserved.GET_OBJECT_TORRENT),
            "PUT",
            Map.of(
                    "acl", Unserved.PUT_OBJECT_ACL,
                    "annotation", Unserved.PUT_OBJECT_ANNOTATION,
                    "encryption", Unserved.UPDATE_OBJECT_ENCRYPTION,
                    "renameObject", Unserved.RENAME_OBJECT),
            "POST",
            Map.of(
                    "restore", Unserved.RESTORE_OBJECT,
                    "select", Unserved.SELECT_OBJECT_CONTENT),
            "DELETE",
            Map.of("annotation", Unserved.DELETE_OBJECT_ANNOTATION));

    private static final Map<String, Set<String>> SERVED_OF_BUCKET = Map.of(
            "GET",
                    Set.of(
                            "location",
                            "uploads",
                            "tagging",
                            "cors",
                            "encryption",
                            "lifecycle",
                            "object-lock",
                            "versioning",
                            "versions",
                            "policy",
                            "policyStatus",
                            "publicAccessBlock",
                            "ownershipControls"),
            "PUT",
                    Set.of(
                            "tagging",
                            "cors",
                            "encryption",
                            "lifecycle",
                            "object-lock",
                            "versioning",
                            "policy",
                            "publicAccessBlock",
                            "ownershipControls"),
            "POST", Set.of("delete"),
            "DELETE",
                    Set.of(
                            "tagging",
                            "cors",
                            "encryption",
                            "lifecycle",
                            "policy",
                            "publicAccessBlock",
                            "ownershipControls"));
    private static final Map<String, Set<String>> SERVED_OF_OBJECT = Map.of(
            "GET", Set.of("attributes", "legal-hold", "retention", "tagging", "uploadId"),
            "PUT", Set.of("legal-hold", "retention", "uploadId", "tagging"),
            "POST", Set.of("uploads", "uploadId"),
            "DELETE", Set.of("uploadId", "tagging"));

    private static final Set<String> ALL_OF_BUCKET = names(OF_BUCKET, SERVED_OF_BUCKET);
    private static final Set<String> ALL_OF_OBJECT = names(OF_OBJECT, SERVED_OF_OBJECT);

    private Subresources() {}

    private static Set<String> names(Map<String, Map<String, Unserved>> unserved, Map<String, Set<String>> served) {
        var names = new HashSet<String>();
        unserved.values().forEach(byName -> names.addAll(byName.keySet()));
        served.values().forEach(names::addAll);
        return names;
    }

    /** The one subresource of a bucket among the parameters; null if there is none. */
    static @Nullable String ofBucket(Query query) {
        return one(query, ALL_OF_BUCKET);
    }

    /** The one subresource of an object among the parameters; null if there is none. */
    static @Nullable String ofObject(Query query) {
        return one(query, ALL_OF_OBJECT);
    }

    private static @Nullable String one(Query query, Set<String> known) {
        String found = null;
        for (Query.Parameter parameter : query.parameters()) {
            String name = parameter.name();
            if (known.contains(name)) {
                if (found != null && !found.equals(name)) {
                    throw S3Refusal.argument(
                            "ResourceType",
                            name,
                            "Conflicting query string parameters: " + found + ", " + name
                                    + ". Each names another subresource. Ask for one at a time.");
                }
                found = name;
            }
        }
        return found;
    }

    static @Nullable Unserved unservedOfBucket(String method, String subresource, Query query) {
        Unserved unserved = OF_BUCKET.getOrDefault(method, Map.of()).get(subresource);
        return unserved != null && query.has("id") ? ONE_BY_ID.getOrDefault(unserved, unserved) : unserved;
    }

    static @Nullable Unserved unservedOfObject(String method, String subresource, Query query) {
        Unserved unserved = OF_OBJECT.getOrDefault(method, Map.of()).get(subresource);
        return unserved == Unserved.LIST_OBJECT_ANNOTATIONS && query.has("annotationName")
                ? Unserved.GET_OBJECT_ANNOTATION
                : unserved;
    }

    static boolean isServedOfBucket(String method, String subresource) {
        return SERVED_OF_BUCKET.getOrDefault(method, Set.of()).contains(subresource);
    }

    static boolean isServedOfObject(String method, String subresource) {
        return SERVED_OF_OBJECT.getOrDefault(method, Set.of()).contains(subresource);
    }

    /** The whole table of one level, for its test. */
    static Map<String, Map<String, Unserved>> unserved(boolean ofObject) {
        return ofObject ? OF_OBJECT : OF_BUCKET;
    }
}
