package allod.admin;

import allod.admin.UpkeepAdministration.MapCopy;
import allod.admin.UpkeepAdministration.Rows;
import allod.admin.UpkeepAdministration.Scrub;
import allod.base.Problem;
import java.util.OptionalLong;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Calls about the upkeep of the data. */
public final class UpkeepClient {
    private final AdminClient client;

    UpkeepClient(AdminClient client) {
        this.client = client;
    }

    private <T> T call(UpkeepRequest request, Function<JsonNode, T> content) {
        return AdminMessages.answer(client.call(new AdminRequest.OfUpkeep(request)), content);
    }

    /**
     * Has a copy of the map made, for a backup.
     *
     * @throws Problem BUSY if another backup runs or no server answers
     */
    public MapCopy beginBackup() {
        return call(new UpkeepRequest.BeginBackup(), UpkeepMessages::decodeCopy);
    }

    /**
     * Has the copy kept for another lease.
     *
     * @throws Problem INVALID_ARGUMENT if it is not held any more
     */
    public void extendBackup(String id) {
        call(new UpkeepRequest.ExtendBackup(id), node -> true);
    }

    /**
     * Has a scrub begun, or gone on with.
     *
     * @throws Problem the server's own, or BUSY if none answers
     */
    public Scrub startScrub(OptionalLong bytesPerSecond, boolean anew) {
        return call(new UpkeepRequest.StartScrub(bytesPerSecond, anew), UpkeepMessages::decodeScrub);
    }

    /** How far the scrub has come. */
    public Scrub scrub() {
        return call(new UpkeepRequest.ScrubState(), UpkeepMessages::decodeScrub);
    }

    /** Has the scrub stopped. */
    public Scrub stopScrub() {
        return call(new UpkeepRequest.StopScrub(), UpkeepMessages::decodeScrub);
    }

    /**
     * Rows of the map, as {@link UpkeepAdministration#inspect}.
     *
     * @throws Problem the server's own, or BUSY if none answers
     */
    public Rows inspect(String what, String after, int limit) {
        return call(new UpkeepRequest.Inspect(what, after, limit), UpkeepMessages::decodeRows);
    }

    /** Has the copy deleted. */
    public void endBackup(String id) {
        call(new UpkeepRequest.EndBackup(id), node -> true);
    }
}
