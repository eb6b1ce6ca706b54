package allod.admin;

import java.util.OptionalLong;

/** A request about the upkeep of the data. */
sealed interface UpkeepRequest {
    record BeginBackup() implements UpkeepRequest {}

    record ExtendBackup(String id) implements UpkeepRequest {}

    record EndBackup(String id) implements UpkeepRequest {}

    record StartScrub(OptionalLong bytesPerSecond, boolean anew) implements UpkeepRequest {}

    record ScrubState() implements UpkeepRequest {}

    record StopScrub() implements UpkeepRequest {}

    record Inspect(String what, String after, int limit) implements UpkeepRequest {}
}
