package allod.demo;

import allod.Allod;
import allod.Config;
import allod.audit.PactDocument;
import allod.demo.attack.OldCopyAttack;
import allod.demo.attack.OldCopyAttack.Haul;
import allod.demo.attack.OldCopyAttack.Plaintext;
import allod.log.VerifierKey;
import allod.log.WitnessPolicy;
import allod.receipt.Outcome;
import allod.receipt.ReceiptCheck;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The story of one delete and its proof, on a server that is thrown away at the end. All content is random, so that nothing
 * of it can be found but by its keys. Background erasure is put off, so that only the deletes themselves erase: what was
 * overwritten or uploaded in parts still waits when its key is deleted, and must go at once with it.
 */
public final class Demo {
    private static final String KEPT = "kept.bin";
    private static final String LETTER = "letter.bin";
    private static final String DRAFT = "draft.bin";
    private static final String FILM = "film.bin";
    private static final String DURING = "copy-during/data";
    private static final int PART = 5 << 20;

    private final SecureRandom random = new SecureRandom();
    private final Story story;
    private final Path folder;
    private final Path data;
    private final Path custody;
    private final byte[] kept = random(4_096);
    private final byte[] letter = random(4_096);
    private final byte[] firstDraft = random(100_000);
    private final byte[] secondDraft = random(5_000);
    private final List<byte[]> film = List.of(random(PART), random(1 << 20));

    private Demo(Story story, Path folder) {
        this.story = story;
        this.folder = folder;
        this.data = folder.resolve("data");
        this.custody = folder.resolve("custody");
    }

    /**
     * Tells the whole story.
     *
     * @param listener told each line as it happens
     * @throws IOException if a folder or a connection could not be used
     */
    public static Story tell(Consumer<Story.Line> listener) throws IOException {
        var story = new Story(listener);
        Path folder = Files.createTempDirectory("allod-demo-");
        try {
            new Demo(story, folder).play();
        } finally {
            FolderCopy.delete(folder);
        }
        return story;
    }

    private byte[] random(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private void play() throws IOException {
        String accessKey = "AKDEMO" + HexFormat.of().withUpperCase().formatHex(random(6));
        String secretKey = HexFormat.of().formatHex(random(20));
        story.chapter("A server of its own");
        try (Allod server = Allod.start(config(accessKey, secretKey))) {
            URI pact = URI.create("http://" + server.addresses().pact());
            URI s3 = URI.create("http://" + server.addresses().s3());
            story.say("It listens at " + s3 + " and keeps two folders below " + folder + ":");
            story.say("data holds names, ciphertext and encrypted key pages; custody holds the few keys that erasure"
                    + " destroys.");
            VerifierKey log = PactDocument.fetchLogKey(pact);
            story.say("You write down the public key of its log, before anything happens: " + log);
            try (var bucket = new Bucket(s3, accessKey, secretKey);
                    var desk = new ReceiptDesk(pact, accessKey, secretKey)) {
                write(bucket);
                Path oldData = FolderCopy.take(data, folder.resolve("copy-before/data"));
                Path oldCustody = FolderCopy.take(custody, folder.resolve("copy-before/custody"));
                copied();
                List<String> receipts = delete(bucket);
                verify(desk, WitnessPolicy.ofLogs(List.of(log)), receipts);
                attack(oldData, oldCustody);
            }
        }
    }

    private Config config(String accessKey, String secretKey) {
        return Config.load(
                Optional.empty(),
                Map.of("ALLOD_ACCESS_KEY", accessKey, "ALLOD_SECRET_KEY", secretKey),
                Map.of(
                        "data", data.toString(),
                        "custody.paths", custody.toString(),
                        "s3.address", "127.0.0.1:0",
                        "pact.address", "127.0.0.1:0",
                        "log.checkpoint-interval", "100ms",
                        "erase.background-window", "1h",
                        "space.floor", "16MiB",
                        "space.reserve", "0B"));
    }

    private void write(Bucket bucket) throws IOException {
        story.chapter("Write, read, list");
        story.say("With the AWS SDK, as for any S3 server, you write random bytes under four keys:");
        bucket.put(KEPT, kept);
        bucket.put(LETTER, letter);
        bucket.put(DRAFT, firstDraft);
        bucket.put(DRAFT, secondDraft);
        bucket.putInParts(FILM, film, () -> FolderCopy.take(data, folder.resolve(DURING)));
        story.say(KEPT + " and " + LETTER + " at once, " + DRAFT + " twice, the second over the first, and " + FILM
                + " in two parts, 6 MiB together.");
        boolean same = Arrays.equals(bucket.get(KEPT).orElseThrow(), kept)
                && Arrays.equals(bucket.get(LETTER).orElseThrow(), letter)
                && Arrays.equals(bucket.get(DRAFT).orElseThrow(), secondDraft)
                && Arrays.equals(bucket.get(FILM).orElseThrow(), joined(film));
        story.check(same, "Read back, all four are what was written.");
        List<String> listed = bucket.list();
        story.check(listed.equals(List.of(DRAFT, FILM, KEPT, LETTER)), "The list names them: " + listed + ".");
    }

    private void copied() {
        story.chapter("Somebody copies the disks");
        story.say("Unseen, somebody copied the data folder during the upload of " + FILM
                + ", and now copies both folders whole while the server runs: a backup, a snapshot, a thief.");
        story.say("The copies hold all that is about to be deleted, and you will never get them back.");
    }

    private List<String> delete(Bucket bucket) {
        story.chapter("Delete");
        List<String> receipts = new ArrayList<>();
        for (String key : List.of(LETTER, DRAFT, FILM)) {
            Optional<String> receipt = bucket.delete(key);
            receipt.ifPresent(receipts::add);
            story.check(
                    receipt.isPresent() && bucket.get(key).isEmpty(),
                    "DELETE " + key + " was answered after its keys were destroyed, with receipt "
                            + receipt.orElse("(none)") + "; a read now finds nothing.");
        }
        boolean keptReads =
                bucket.get(KEPT).filter(content -> Arrays.equals(content, kept)).isPresent();
        story.check(keptReads, KEPT + ", which was not deleted, still reads.");
        return receipts;
    }

    private void verify(ReceiptDesk desk, WitnessPolicy policy, List<String> deleted) throws IOException {
        story.chapter("Check the receipts");
        byte[] receipt = desk.receipt(deleted.getFirst());
        story.say("The receipt of " + LETTER + " has " + receipt.length
                + " bytes. Checked without the server, under the key you wrote down:");
        Outcome outcome = ReceiptCheck.check(receipt, policy);
        if (outcome instanceof Outcome.Holds(var findings)) {
            findings.findings().forEach(finding -> story.check(finding.passed(), finding.sentence()));
            story.say("What it is worth, " + findings.assuranceClass().meaning());
        } else {
            story.check(false, "The receipt does not hold: " + outcome);
        }
        List<String> all = desk.ids();
        int holding = 0;
        for (String id : all) {
            holding += ReceiptCheck.check(desk.receipt(id), policy) instanceof Outcome.Holds ? 1 : 0;
        }
        story.check(
                holding == all.size() && all.size() == 5 && all.containsAll(deleted),
                holding + " of " + all.size() + " receipts hold: for the three objects, for the overwritten first "
                        + DRAFT + ", and for the upload that made " + FILM + ".");
        forge(receipt, policy);
    }

    /** Changes one digit of the size, so that the file still is a receipt and tells a lie. */
    private void forge(byte[] receipt, WitnessPolicy policy) {
        byte[] forged = receipt.clone();
        int at = new String(receipt, StandardCharsets.ISO_8859_1).indexOf("\"size\":4096") + "\"size\":".length();
        forged[at] ^= 1;
        String found = switch (ReceiptCheck.check(forged, policy)) {
            case Outcome.Failed(var findings, var failed) ->
                findings.findings().stream()
                        .filter(finding -> !finding.passed())
                        .map(finding -> finding.sentence())
                        .findFirst()
                        .orElse("");
            case Outcome.Unreadable(var why) -> why;
            case Outcome.Holds unseen -> "";
            case Outcome.SignerUnknown unseen -> "";
        };
        story.check(!found.isEmpty(), "With one byte changed, so that it says 5096 bytes, the receipt fails: " + found);
    }

    private void attack(Path oldData, Path oldCustody) throws IOException {
        Path newCustody = FolderCopy.take(custody, folder.resolve("copy-after/custody"));
        Path newData = FolderCopy.take(data, folder.resolve("copy-after/data"));
        Path duringUpload = folder.resolve(DURING);
        Map<String, byte[]> erased = new LinkedHashMap<>();
        erased.put(LETTER, letter);
        erased.put(DRAFT + ", overwritten", firstDraft);
        erased.put(DRAFT, secondDraft);
        erased.put(FILM, joined(film));

        story.chapter("The attack, with custody from before the delete");
        story.say("Another program, which knows only the documented formats, takes the old copies. It"
                + " believes no row, and tries every key it can find or derive on everything.");
        Haul before = OldCopyAttack.attack(List.of(duringUpload, oldData), List.of(oldCustody));
        story.say(before.account());
        erased.forEach((name, content) -> {
            Optional<Plaintext> read = before.reading(content);
            story.check(
                    read.isPresent(),
                    read.map(text -> "It reads " + name + ": SHA-256 " + text.sha256() + ", beginning with "
                                    + text.beginning() + ".")
                            .orElse("It should have read " + name + " and did not: this is no real attack."));
        });

        story.chapter("The same attack, with custody from after the delete");
        story.say("It keeps the old data folders, takes today's besides, and has today's custody folder.");
        Haul after = OldCopyAttack.attack(List.of(duringUpload, oldData, newData), List.of(newCustody));
        story.say(after.account());
        story.check(after.reading(kept).isPresent(), "It still reads " + KEPT + ", whose keys nobody destroyed.");
        erased.forEach((name, content) -> story.check(
                after.reading(content).isEmpty(),
                "It cannot read " + name + ": the ciphertext is all there, the key is nowhere."));
        film.forEach(part -> story.check(
                after.reading(part).isEmpty(), "Nor the part of " + part.length + " bytes of " + FILM + " alone."));
        search(before, after, erased, List.of(duringUpload, oldData, newData), oldCustody, newCustody);
    }

    /** Looks through the files themselves, in case the attack knew too little. */
    private void search(
            Haul before,
            Haul after,
            Map<String, byte[]> erased,
            List<Path> dataCopies,
            Path oldCustody,
            Path newCustody)
            throws IOException {
        Path[] everything = Stream.of(dataCopies, List.of(newCustody, data, custody))
                .flatMap(List::stream)
                .toArray(Path[]::new);
        int plain = Needles.ofContent(erased.values()).found(everything)
                + Needles.ofContent(erased.values()).found(oldCustody);
        story.check(plain == 0, "No byte string of the deleted content stands in any file of any copy.");
        List<byte[]> keys = before.plaintexts().stream()
                .filter(text -> !text.object().equals(KEPT))
                .flatMap(text -> text.keys().stream())
                .toList();
        story.check(
                !keys.isEmpty() && Needles.of(keys).found(everything) == 0,
                "Nor do the " + keys.size() + " slot secrets, content keys and part keys that the first attack used.");
        List<byte[]> destroyed = before.opening().stream()
                .filter(key -> after.opening().stream().noneMatch(live -> Arrays.equals(live, key)))
                .toList();
        story.check(
                !destroyed.isEmpty()
                        && Needles.of(destroyed).found(oldCustody) > 0
                        && Needles.of(destroyed).found(everything) == 0,
                "The custody key that opened them stands in the old custody folder alone; today's holds noise in its"
                        + " place.");
    }

    private static byte[] joined(List<byte[]> parts) {
        byte[] all = new byte[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
