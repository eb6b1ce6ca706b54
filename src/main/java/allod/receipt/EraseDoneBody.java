package allod.receipt;

import static allod.receipt.JsonMembers.json;

import allod.log.Hash;
import allod.log.MalformedException;
import java.util.Map;

/**
 * The body of the {@code erase.done} event, one for each batch. The log commits to its bytes; whoever checks them reads
 * those bytes and never writes them anew.
 *
 * @param actor who carried the erasure out, such as {@code system}
 * @param purpose why the batch ran, from the log's closed list of purposes
 * @param domain local number of the erasure domain, as in receipt ids
 * @param generation of the key tree that the erasure made
 * @param count how many items the batch has, at least 1
 * @param itemsRoot root of the {@link ItemTree}
 * @param evidenceHash {@link BatchEvidence#hash}
 */
public record EraseDoneBody(
        String actor, String purpose, int domain, long generation, int count, Hash itemsRoot, Hash evidenceHash) {

    public static final String TYPE = "erase.done";

    /** Longest body. */
    public static final int MAX_BYTES = 8 * 1024;

    private static final String WHAT = "erase.done body";

    /** @throws IllegalArgumentException if a component breaks its rule */
    public EraseDoneBody {
        BatchEvidence.requireText(actor);
        BatchEvidence.requireText(purpose);
        if (domain < 0 || generation < 1 || generation > Json.MAX_NUMBER || count < 1) {
            throw new IllegalArgumentException(
                    "no batch has domain " + domain + ", generation " + generation + ", " + count + " items");
        }
    }

    /** Canonical JSON, UTF-8. */
    public byte[] encode() {
        return Json.object(Map.of(
                        "actor", json(actor),
                        "count", json(count),
                        "domain", json(domain),
                        "evidenceHash", json(evidenceHash),
                        "generation", json(generation),
                        "itemsRoot", json(itemsRoot),
                        "purpose", json(purpose),
                        "type", json(TYPE)))
                .encode();
    }

    /**
     * Reads a body.
     *
     * @throws MalformedException unless it is exactly what {@link #encode} writes
     */
    public static EraseDoneBody parse(byte[] body) {
        if (body.length > MAX_BYTES) {
            throw new MalformedException(WHAT + " has " + body.length + " bytes, the limit is " + MAX_BYTES);
        }
        return JsonMembers.read(Json.parse(body), WHAT, in -> {
            in.constant("type", TYPE);
            return new EraseDoneBody(
                    in.text("actor"),
                    in.text("purpose"),
                    in.smallNumber("domain"),
                    in.number("generation"),
                    in.smallNumber("count"),
                    in.hash("itemsRoot"),
                    in.hash("evidenceHash"));
        });
    }
}
