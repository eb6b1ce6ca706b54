package allod.rights;

import allod.base.Problem;
import allod.base.Reason;
import allod.http.Exchange;
import allod.http.Headers;
import allod.http.PercentEncoding;
import allod.pact.AuthorityCatalogue;
import allod.pact.TooManyReadersException;
import allod.store.BucketName;
import allod.store.Caller;
import allod.store.KeyStructure;
import allod.store.ObjectKey;
import allod.store.Store;
import allod.store.VersionId;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Who can read an object: computed for its owner from the keys as they stand, and recorded in the owner's history. */
record ReadersApi(Store store, Owners owners, Custodians custodians, AuthorityCatalogue catalogue) {
    private static final String PREFIX = "/api/v1/objects/";
    private static final String SUFFIX = "/readers";
    private static final String VERSION = "versionId";

    /** The bucket and the key, still percent-encoded, that a path names: {@code /api/v1/objects/BUCKET/KEY/readers}. */
    record Named(String bucket, String key) {
        static Optional<Named> in(String path) {
            if (!path.startsWith(PREFIX) || !path.endsWith(SUFFIX)) {
                return Optional.empty();
            }
            int slash = path.indexOf('/', PREFIX.length());
            int end = path.length() - SUFFIX.length();
            return slash > PREFIX.length() && slash + 1 < end
                    ? Optional.of(new Named(path.substring(PREFIX.length(), slash), path.substring(slash + 1, end)))
                    : Optional.empty();
        }
    }

    void answer(Exchange exchange, Named named) throws IOException {
        Caller caller = owners.caller(exchange);
        Optional<VersionId> version =
                Owners.Parameters.of(exchange, VERSION).text(VERSION).map(ReadersApi::version);
        BucketName bucket = new BucketName(named.bucket());
        ObjectKey key = key(named);
        KeyStructure keys = store.keyStructure(caller, bucket, key, version);
        JsonPages.answer(exchange, Headers.of("Cache-Control", "no-store"), report(bucket, key, keys));
    }

    private static ObjectKey key(Named named) {
        try {
            return ObjectKey.of(PercentEncoding.decode(named.key()));
        } catch (IllegalArgumentException e) {
            throw Owners.invalid("The key in the path is not percent-encoded.", "Encode it as S3 does, UTF-8 first.");
        }
    }

    private static VersionId version(String text) {
        return VersionId.parse(text)
                .orElseThrow(() -> Owners.invalid(
                        "No version is called so.",
                        "Use an id that an answer or a listing of versions gave, or null."));
    }

    private ObjectNode report(BucketName bucket, ObjectKey key, KeyStructure keys) {
        try {
            return new ReadersReport(keys, custodians, catalogue).json(bucket, key);
        } catch (TooManyReadersException e) {
            throw new Problem(
                    Reason.NOT_IMPLEMENTED,
                    "Who can read the object was not computed.",
                    e.getMessage() + ".",
                    "Use fewer custodians or escrow parties.",
                    e);
        }
    }
}
