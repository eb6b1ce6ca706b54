package allod.s3;

import allod.store.VersionId;
import java.util.Optional;

/** Version ids in requests. */
final class VersionParameter {
    static final String NAME = "versionId";
    static final String HEADER = "x-amz-version-id";

    private VersionParameter() {}

    /** The version a request is about; empty for the current one. */
    static Optional<VersionId> of(S3Request request) {
        return request.query().first(NAME).map(text -> parse(NAME, text));
    }

    /** @throws S3Refusal INVALID_ARGUMENT if no version could have this id */
    static VersionId parse(String argument, String text) {
        return VersionId.parse(text)
                .orElseThrow(
                        () -> S3Refusal.argument(
                                argument,
                                text,
                                "Invalid version id specified. No version is called so. Use an id that was answered or listed."));
    }
}
