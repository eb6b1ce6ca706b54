package allod.store;

import static org.assertj.core.api.Assertions.assertThat;

import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.TenantId;
import allod.keys.EscrowKey;
import allod.pact.Party;
import allod.receipt.ErasureReason;
import allod.store.engine.BlobName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MapFormatTest {
    private static final Path PAGE = Path.of("docs/formats/map.md");
    private static final byte[] KEY = {0x61, 0, 0x62};
    private static final byte[] NAME16 = from(0x10, 16);
    private static final byte[] HASH = from(0x20, 32);
    private static final byte[] RECIPIENT = from(0x40, 32);
    private static final byte[] SEALED = {(byte) 0xaa, (byte) 0xbb};

    private static byte[] from(int first, int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (first + i);
        }
        return bytes;
    }

    private static Map<String, byte[]> vectors() {
        var blob = BlobName.of(NAME16);
        var key = ObjectKey.of(KEY);
        var tenant = new TenantId(7);
        var version = new SlotRow(
                SlotKind.VERSION,
                new SlotRow.Owner(9, KEY, 5000),
                NAME16,
                SEALED,
                HASH,
                List.of(),
                HASH,
                SEALED,
                new byte[0],
                List.of(blob),
                false,
                SEALED);
        var vectors = new LinkedHashMap<String, byte[]>();
        vectors.put("!", new FormatRow(1, NAME16, 3, 1).encode());
        vectors.put("T", new TenantRow("acme", List.of(1), 5000).encode());
        vectors.put("b", BucketRow.of(9, tenant, 1).encode());
        vectors.put("C key", MapKey.configuration(9, ConfigurationKind.POLICY));
        vectors.put("C", new ConfigurationRow(5000, SEALED).encode());
        vectors.put(
                "b with lock",
                BucketRow.of(9, tenant, 1)
                        .with(Versioning.ENABLED)
                        .with(new BucketLock(Optional.of(
                                new BucketLock.Standard(Retention.Mode.COMPLIANCE, 30, BucketLock.Unit.DAYS))))
                        .encode());
        vectors.put("a key", MapKey.accessKey(new AccessKeyId("AK1")));
        vectors.put("a", new AccessKeyRow(tenant, new Principal("root"), true, 300, 5000, SEALED).encode());
        var document = new NamedIdentity.Document("read", SEALED);
        vectors.put("I key of a user", MapKey.identity(tenant, IdentityKind.USER, "ann"));
        vectors.put("I key of a membership", MapKey.member(tenant, "staff", "ann"));
        vectors.put(
                "I of a user",
                new NamedIdentity(
                                IdentityKind.USER,
                                "ann",
                                5000,
                                List.of(document),
                                List.of("staff"),
                                List.of(new AccessKeyId("AK1")),
                                new byte[0],
                                0)
                        .encode());
        vectors.put(
                "I of a role",
                new NamedIdentity(IdentityKind.ROLE, "reader", 5000, List.of(), List.of(), List.of(), SEALED, 3600)
                        .encode());
        vectors.put("o key", MapKey.current(9, key));
        var name = new NameRow(NameRow.NULL_VERSION, 5000, 300, 70, NAME16, 2, 0, ObjectLock.NONE);
        vectors.put("o", name.encode());
        var lock = new ObjectLock(
                Optional.of(new Retention(Retention.Mode.GOVERNANCE, Instant.ofEpochSecond(86_400))),
                ObjectLock.Hold.ON);
        vectors.put("o with lock", name.with(lock).encode());
        vectors.put("v key", MapKey.noncurrent(9, key, 5000));
        vectors.put("v", new NoncurrentRow(6000, name).encode());
        vectors.put("v of a marker", new NoncurrentRow(0, NameRow.marker(5000, false)).encode());
        vectors.put("n key", MapKey.nullVersion(9, key));
        var escrow = new EscrowRow(
                NAME16, tenant, 9, "docs", Party.in("DE", "Agency"), new EscrowKey(RECIPIENT), 5000, true);
        vectors.put("E key of the epoch", MapKey.escrowEpoch());
        vectors.put("E key of an escrow", MapKey.escrow(NAME16));
        vectors.put("E of an escrow", escrow.encode());
        vectors.put("E key of a prohibition", MapKey.escrowForbid(9));
        vectors.put("share record", new ShareRecord(NAME16, from(0x20, 80)).encode());
        vectors.put("s key", MapKey.slot(1, 300));
        vectors.put("s", version.encode());
        vectors.put("u key", MapKey.upload(9, key, new UploadId(NAME16)));
        vectors.put("u", new UploadRow(300, 5000, Optional.empty(), ObjectLock.NONE).encode());
        vectors.put("p key", MapKey.part(new UploadId(NAME16), 2));
        vectors.put("p", new PartRow(blob, 70, HASH, 5000, SEALED).encode());
        vectors.put("i key", MapKey.due(1_774_915_200, 9, KEY));
        vectors.put(
                "i",
                DueRow.ofKey(new BucketName("docs"), new DueRow.Position(5000, 2))
                        .encode());
        vectors.put("i key of a walk", MapKey.due(0, 9, new byte[0]));
        vectors.put("i of a walk", DueRow.ofAll(new BucketName("docs"), KEY).encode());
        vectors.put("lifecycle rules", lifecycle().encode());
        vectors.put("q key", MapKey.pending(1, 9, KEY, 300));
        vectors.put("q", new PendingRow(ErasureReason.DELETED, true, 5000, 70, "R1", "docs", List.of(blob)).encode());
        vectors.put("R", new RestoreRow(true).encode());
        vectors.put("k key", MapKey.page(1, 5, 0));
        vectors.put("x key of a reservation", MapKey.reservation(1, 9, 300));
        vectors.put("r key of item 0", MapKey.receiptItem(1, 2, 0));
        vectors.put("P key", MapKey.period(1, EventClass.ACCESS, 20_000));
        vectors.put("e key", MapKey.events(1, EventClass.CHANGE, 1, 40));
        vectors.put("L", new LogRow("log.example", "vkey", 300, SEALED, "").encode());
        vectors.put("h", new ChainRow(12, HASH).encode());
        vectors.put(
                "H",
                new RunRow(1, 1_000_000, List.of(300L, 301L), List.of(new RunRow.Block(1, EventClass.ACCESS, 300)))
                        .encode());
        return vectors;
    }

    private static LifecycleRules lifecycle() {
        return new LifecycleRules(List.of(new LifecycleRule(
                "one",
                true,
                new LifecycleRule.Filter(
                        LifecycleRule.Form.AND,
                        Optional.of("a/"),
                        Map.of("k", "v"),
                        OptionalLong.of(70),
                        OptionalLong.empty()),
                new LifecycleRule.Expiring(OptionalInt.of(30), Optional.empty(), Optional.empty()),
                new LifecycleRule.Noncurrent(OptionalInt.of(7), OptionalInt.of(3)),
                OptionalInt.empty())));
    }

    private static String lines() {
        return vectors().entrySet().stream()
                .map(vector -> vector.getKey() + " = " + HexFormat.of().formatHex(vector.getValue()))
                .collect(Collectors.joining("\n", "```\n", "\n```\n"));
    }

    @Test
    void the_vectors_of_the_page_are_what_is_written() throws IOException {
        assertThat(Files.readString(PAGE)).endsWith(lines());
    }

    @Test
    void the_page_names_every_family() throws IOException {
        String page = Files.readString(PAGE);
        for (Family family : Family.values()) {
            assertThat(page).contains("| `" + (char) family.code + "`");
        }
    }

    @Test
    void the_page_gives_the_dictionary() throws IOException {
        assertThat(Files.readString(PAGE)).contains("\n" + EventBlock.dictionary() + "\n");
    }
}
