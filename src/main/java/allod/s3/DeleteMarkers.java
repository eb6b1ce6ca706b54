package allod.s3;

import allod.http.Headers;
import allod.store.ReadAnswer;

/** Delete markers in answers. */
final class DeleteMarkers {
    static final String HEADER = "x-amz-delete-marker";

    private DeleteMarkers() {}

    /** What a read is answered that met a marker: it was asked for by its id, or hides what was. */
    static S3Refusal refusal(S3Request request, ReadAnswer.Marker marker) {
        Headers.Builder headers = Headers.builder()
                .add(HEADER, "true")
                .add(VersionParameter.HEADER, marker.version().text());
        if (!marker.asked()) {
            return new S3Refusal(
                    S3Error.NO_SUCH_KEY,
                    "The specified key does not exist. A delete marker hides its versions. Name a version by its id, or"
                            + " delete the marker.",
                    headers.build());
        }
        return new S3Refusal(
                S3Error.METHOD_NOT_ALLOWED,
                "The specified method is not allowed against this resource. The version is a delete marker, which has no"
                        + " content. Name a version that is none.",
                headers.add("Allow", "DELETE")
                        .add("Last-Modified", HttpDates.header(marker.lastModified()))
                        .build(),
                new S3Refusal.Detail("Method", request.exchange().method()),
                new S3Refusal.Detail("ResourceType", "DeleteMarker"));
    }
}
