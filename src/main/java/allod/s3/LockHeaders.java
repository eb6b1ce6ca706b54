package allod.s3;

import allod.http.Headers;
import allod.store.BucketName;
import allod.store.DeleteTarget;
import allod.store.ObjectKey;
import allod.store.ObjectLock;
import allod.store.Retention;
import allod.store.VersionId;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Object Lock in the headers of requests and answers. */
final class LockHeaders {
    static final String MODE = "x-amz-object-lock-mode";
    static final String UNTIL = "x-amz-object-lock-retain-until-date";
    static final String HOLD = "x-amz-object-lock-legal-hold";
    static final String BYPASS = "x-amz-bypass-governance-retention";

    /** 100 years: what a standard retention may be as well. */
    static final Duration LONGEST = Duration.ofDays(36_525);

    private LockHeaders() {}

    /** What a new version is to be locked with. */
    static ObjectLock of(S3Request request, InstantSource clock) {
        Optional<String> mode = request.header(MODE);
        Optional<String> until = request.header(UNTIL);
        if (mode.isPresent() != until.isPresent()) {
            throw S3Refusal.argument(
                    mode.isPresent() ? UNTIL : MODE,
                    "",
                    MODE + " and " + UNTIL + " must both be supplied. One of them is missing. Send both, or neither.");
        }
        Optional<Retention> retention = mode.map(text -> new Retention(mode(text), future(date(until.get()), clock)));
        return new ObjectLock(
                retention, request.header(HOLD).map(LockHeaders::hold).orElse(ObjectLock.Hold.UNSET));
    }

    private static Retention.Mode mode(String text) {
        return modeOf(text)
                .orElseThrow(() -> S3Refusal.argument(
                        MODE,
                        text,
                        "Unknown wormMode directive. There are GOVERNANCE and COMPLIANCE. Send one of them."));
    }

    static Optional<Retention.Mode> modeOf(String text) {
        return switch (text) {
            case "GOVERNANCE" -> Optional.of(Retention.Mode.GOVERNANCE);
            case "COMPLIANCE" -> Optional.of(Retention.Mode.COMPLIANCE);
            default -> Optional.empty();
        };
    }

    private static ObjectLock.Hold hold(String text) {
        return switch (text) {
            case "ON" -> ObjectLock.Hold.ON;
            case "OFF" -> ObjectLock.Hold.OFF;
            default ->
                throw S3Refusal.argument(
                        HOLD, text, "Legal Hold must be either of 'ON' or 'OFF'. It is not. Send one of them.");
        };
    }

    private static Instant date(String text) {
        return parseDate(text)
                .orElseThrow(() -> S3Refusal.argument(
                        UNTIL,
                        text,
                        "The retain until date must be provided in ISO 8601 format. It is not. Send it as"
                                + " 2030-01-31T00:00:00Z."));
    }

    /** A time of ISO 8601; empty for anything else. */
    static Optional<Instant> parseDate(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text.strip()).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /**
     * @throws S3Refusal INVALID_ARGUMENT if the time is over, or further away than any standard retention may be: nobody
     *     could take a slip of the pen back
     */
    static Instant future(Instant until, InstantSource clock) {
        if (!until.isAfter(clock.instant())) {
            throw S3Refusal.argument(
                    UNTIL,
                    until.toString(),
                    "The retain until date must be in the future! It is over. Choose a later one.");
        }
        if (until.isAfter(clock.instant().plus(LONGEST))) {
            throw S3Refusal.argument(
                    UNTIL,
                    until.toString(),
                    "The retain until date is too far away. It is more than 100 years ahead. Choose an earlier one.");
        }
        return until;
    }

    /** Says what locks a version. */
    static void describe(ObjectLock lock, Headers.Builder headers) {
        lock.retention()
                .ifPresent(it -> headers.add(MODE, it.mode().name()).add(UNTIL, HttpDates.document(it.until())));
        if (lock.hold() != ObjectLock.Hold.UNSET) {
            headers.add(HOLD, lock.hold().name());
        }
    }

    /**
     * Whether a request asks to end a governance retention before its time, and may. This is the one place that decides it:
     * who lacks {@code s3:BypassGovernanceRetention} asks as if without the header, and is refused where a retention runs.
     */
    static boolean bypassesGovernance(
            S3Request request, BucketName bucket, ObjectKey key, Optional<VersionId> version) {
        return asksBypass(request) && request.may(bypass(bucket, key, version));
    }

    /** The same of each of several versions. */
    static List<Boolean> bypassesGovernance(S3Request request, BucketName bucket, List<DeleteTarget> targets) {
        return asksBypass(request)
                ? request.gate()
                        .mayEach(
                                request,
                                bucket,
                                targets.stream()
                                        .map(target -> bypass(bucket, target.key(), target.version()))
                                        .toList())
                : Collections.nCopies(targets.size(), false);
    }

    private static boolean asksBypass(S3Request request) {
        return request.header(BYPASS).filter("true"::equalsIgnoreCase).isPresent();
    }

    private static Needed bypass(BucketName bucket, ObjectKey key, Optional<VersionId> version) {
        return Needed.ofVersion("s3:BypassGovernanceRetention", bucket, key, version);
    }
}
