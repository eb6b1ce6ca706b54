package allod.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.Problem;
import allod.base.TenantId;
import allod.log.Hash;
import allod.receipt.ErasureReason;
import allod.store.engine.BlobName;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row reads what it wrote, and of other bytes only such as it would have written itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RowsTest {
    private static final Random RANDOM = new Random(5);

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static BlobName blob() {
        return BlobName.random(RANDOM);
    }

    /** A row's bytes, and what reads and writes it again. */
    record Row(String name, byte[] encoded, Function<byte[], byte[]> again) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static SlotRow version() {
        return new SlotRow(
                SlotKind.VERSION,
                new SlotRow.Owner(7, bytes(20), 9),
                bytes(16),
                bytes(60),
                bytes(32),
                List.of(1L, 2L),
                bytes(32),
                bytes(90),
                bytes(200),
                List.of(blob(), blob()),
                true,
                bytes(10));
    }

    static Stream<Row> rows() {
        var plan = Optional.of(new Checksum.Plan(Checksum.Algorithm.CRC64NVME, Checksum.Type.COMPOSITE));
        var checksum = Optional.of(new Checksum(Checksum.Algorithm.SHA256, Checksum.Type.FULL_OBJECT, "AAAA"));
        var name = new NameRow(1, 5, 6, 7, bytes(16), 3, 1, ObjectLock.NONE);
        var lock = new ObjectLock(
                Optional.of(new Retention(Retention.Mode.COMPLIANCE, Instant.ofEpochSecond(99))), ObjectLock.Hold.ON);
        var locked = name.with(lock);
        var marker = NameRow.marker(5, true);
        var pending =
                new PendingRow(ErasureReason.OVERWRITTEN, true, 1, 2, "request", "bucket", List.of(blob(), blob()));
        var run = new RunRow(
                3,
                1234,
                List.of(5L, 6L, 900L, 1L << 40),
                List.of(new RunRow.Block(1, EventClass.ACCESS, 5), new RunRow.Block(2, EventClass.EVIDENCE, 6)));
        var description = new Description(
                5,
                new ETag(bytes(16), 2),
                checksum,
                new ObjectMetadata(
                        Map.of("content-type", "text/plain"),
                        Map.of("a", "å", "b", ""),
                        Map.of("tag", "value"),
                        Optional.of(new AccessList(
                                new TenantId(3),
                                List.of(
                                        new AccessList.Grant(
                                                new AccessList.Grantee.Owner(new TenantId(4)),
                                                AccessList.Permission.WRITE_ACP),
                                        new AccessList.Grant(
                                                new AccessList.Grantee.Group(AccessList.Grantee.Known.LOG_DELIVERY),
                                                AccessList.Permission.FULL_CONTROL))))));
        var manifest = new Manifest(List.of(
                new Manifest.Part(1, blob(), 5, bytes(32), Optional.empty()),
                new Manifest.Part(10_000, blob(), 6, bytes(32), Optional.of("AAAAAA=="))));
        var accessKey = new AccessKeyRow(new TenantId(3), new Principal("root"), true, 1, 2, bytes(50));
        var tenant = new TenantRow("name", List.of(1, 2), 3);
        var head = new LogHead(0, "log.example", 5, Hash.of(bytes(32)), "note", 6, 7);
        return Stream.of(
                new Row("name", name.encode(), b -> NameRow.decode(b).encode()),
                new Row("locked name", locked.encode(), b -> NameRow.decode(b).encode()),
                new Row(
                        "noncurrent version",
                        new NoncurrentRow(9, locked).encode(),
                        b -> NoncurrentRow.decode(b).encode()),
                new Row(
                        "marker",
                        new NoncurrentRow(0, marker).encode(),
                        b -> NoncurrentRow.decode(b).encode()),
                new Row(
                        "configuration",
                        new ConfigurationRow(5, bytes(40)).encode(),
                        b -> ConfigurationRow.decode(b).encode()),
                new Row("slot", version().encode(), b -> SlotRow.decode(b).encode()),
                new Row(
                        "bare slot",
                        SlotRow.bare(SlotKind.PERIOD).encode(),
                        b -> SlotRow.decode(b).encode()),
                new Row("pending", pending.encode(), b -> PendingRow.decode(b).encode()),
                new Row("run", run.encode(), b -> RunRow.decode(b).encode()),
                new Row(
                        "description",
                        description.encode(),
                        b -> Description.decode(b).encode()),
                new Row("manifest", manifest.encode(), b -> Manifest.decode(b).encode()),
                new Row(
                        "user",
                        new NamedIdentity(
                                        IdentityKind.USER,
                                        "ann",
                                        5,
                                        List.of(
                                                new NamedIdentity.Document("a", bytes(30)),
                                                new NamedIdentity.Document("b", bytes(1))),
                                        List.of("g", "h"),
                                        List.of(new AccessKeyId("AK1"), new AccessKeyId("AK2")),
                                        new byte[0],
                                        0)
                                .encode(),
                        b -> NamedIdentity.decode(IdentityKind.USER, "ann", b).encode()),
                new Row(
                        "role",
                        new NamedIdentity(IdentityKind.ROLE, "r", 5, List.of(), List.of(), List.of(), bytes(40), 3600)
                                .encode(),
                        b -> NamedIdentity.decode(IdentityKind.ROLE, "r", b).encode()),
                new Row(
                        "access key",
                        accessKey.encode(),
                        b -> AccessKeyRow.decode(b).encode()),
                new Row("tenant", tenant.encode(), b -> TenantRow.decode(b).encode()),
                new Row("log head", head.encode(), b -> LogHead.decode(b).encode()),
                new Row(
                        "log",
                        new LogRow("log.example", "vkey", 4, bytes(70), "").encode(),
                        b -> LogRow.decode(b).encode()),
                new Row(
                        "bucket",
                        BucketRow.of(1, new TenantId(2), 3)
                                .with(new BucketLock(Optional.of(
                                        new BucketLock.Standard(Retention.Mode.GOVERNANCE, 1, BucketLock.Unit.YEARS))))
                                .encode(),
                        b -> BucketRow.decode(b).encode()),
                new Row(
                        "chain",
                        new ChainRow(4, bytes(32)).encode(),
                        b -> ChainRow.decode(b).encode()),
                new Row(
                        "format",
                        new FormatRow(1, bytes(16), 2, 0).encode(),
                        b -> FormatRow.decode(b).encode()),
                new Row(
                        "upload",
                        new UploadRow(1, 2, plan, lock).encode(),
                        b -> UploadRow.decode(b).encode()),
                new Row(
                        "upload without plan",
                        new UploadRow(1, 2, Optional.empty(), ObjectLock.NONE).encode(),
                        b -> UploadRow.decode(b).encode()),
                new Row(
                        "part",
                        new PartRow(blob(), 1, bytes(32), 2, bytes(80)).encode(),
                        b -> PartRow.decode(b).encode()),
                new Row(
                        "batch",
                        new BatchRow(3, 20_000, Hash.of(bytes(32)), List.of(), Optional.empty()).encode(),
                        b -> BatchRow.decode(b).encode()));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void a_row_is_read_as_it_was_written(Row row) {
        assertThat(row.again.apply(row.encoded)).isEqualTo(row.encoded);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void a_row_that_is_cut_or_lengthened_is_damage(Row row) {
        for (int length = 0; length < row.encoded.length; length++) {
            byte[] cut = Arrays.copyOf(row.encoded, length);
            assertThatThrownBy(() -> row.again.apply(cut)).isInstanceOf(Problem.class);
        }
        byte[] longer = Arrays.copyOf(row.encoded, row.encoded.length + 1);
        assertThatThrownBy(() -> row.again.apply(longer)).isInstanceOf(Problem.class);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void another_format_is_refused(Row row) {
        byte[] later = row.encoded.clone();
        later[0] = 2;
        assertThatThrownBy(() -> row.again.apply(later))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("format");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void a_changed_byte_is_damage_or_another_row_in_its_one_form(Row row) {
        for (int at = 0; at < row.encoded.length; at++) {
            for (int change : new int[] {1, 2, 0x80, 0xff, RANDOM.nextInt(1, 256)}) {
                byte[] changed = row.encoded.clone();
                changed[at] ^= (byte) change;
                try {
                    assertThat(row.again.apply(changed))
                            .as("%s, byte %d changed by %d", row.name, at, change)
                            .isEqualTo(changed);
                } catch (Problem damaged) {
                    assertThat(damaged).isNotNull();
                }
            }
        }
    }

    @Test
    void an_object_key_keeps_its_order_and_lets_fields_follow() {
        for (int i = 0; i < 2000; i++) {
            byte[] a = key();
            byte[] b = key();
            byte[] rowA = new RowWriter(8).objectKey(a).u64(-1).toBytes();
            byte[] rowB = new RowWriter(8).objectKey(b).u64(0).toBytes();
            int order = Arrays.compareUnsigned(a, b);
            if (order != 0) {
                assertThat(Integer.signum(Arrays.compareUnsigned(rowA, rowB))).isEqualTo(Integer.signum(order));
            }
            var reader = new RowReader("o", rowA);
            assertThat(reader.objectKey()).isEqualTo(a);
            assertThat(reader.u64()).isEqualTo(-1);
        }
    }

    private static byte[] key() {
        byte[] key = new byte[RANDOM.nextInt(5)];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) new int[] {0, 1, 0x7f, 0xfe, 0xff}[RANDOM.nextInt(5)];
        }
        return key;
    }

    @Test
    void a_varint_has_one_form() {
        for (long value : new long[] {0, 1, 127, 128, 1L << 40, Long.MAX_VALUE, -1}) {
            byte[] row = new RowWriter(10).varint(value).toBytes();
            var reader = new RowReader("v", row);
            assertThat(reader.varint()).isEqualTo(value);
            reader.end();
        }
        for (byte[] wrong : List.of(
                new byte[] {(byte) 0x80, 0},
                new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, 2},
                new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0},
                new byte[] {(byte) 0x80})) {
            assertThatThrownBy(() -> new RowReader("v", wrong).varint()).isInstanceOf(Problem.class);
        }
    }

    @Test
    void a_block_of_events_is_read_as_it_was_written_and_damage_is_refused() {
        try (var blocks = new EventBlock()) {
            for (int round = 0; round < 50; round++) {
                long seed = RANDOM.nextLong();
                var random = new Random(seed);
                var events = new java.util.ArrayList<PlacedEvent>();
                long index = random.nextInt(1000);
                long time = random.nextInt(1000);
                for (int i = 1 + random.nextInt(40); i > 0; i--) {
                    index += 1 + random.nextInt(3);
                    time += random.nextInt(2);
                    byte[] body = new byte[random.nextInt(300)];
                    random.nextBytes(body);
                    events.add(new PlacedEvent(
                            index, new TenantId(random.nextInt(5)), random.nextLong() >>> 1, time, body));
                }
                byte[] block = blocks.encode(events);
                List<PlacedEvent> again = EventBlock.decode(EventBlock.DICTIONARY, block);
                assertThat(again).as("seed %d", seed).usingRecursiveComparison().isEqualTo(events);
                for (int i = 0; i < 50; i++) {
                    byte[] damaged = random.nextBoolean()
                            ? Arrays.copyOf(block, random.nextInt(block.length))
                            : Arrays.copyOf(block, block.length + 1);
                    assertThatThrownBy(() -> EventBlock.decode(EventBlock.DICTIONARY, damaged))
                            .as("seed %d", seed)
                            .isInstanceOf(Problem.class);
                    byte[] flipped = block.clone();
                    flipped[random.nextInt(block.length)] ^= (byte) (1 << random.nextInt(8));
                    try {
                        EventBlock.decode(EventBlock.DICTIONARY, flipped);
                    } catch (Problem refused) {
                        assertThat(refused).isNotNull();
                    }
                }
                assertThatThrownBy(() -> EventBlock.decode(2, block)).isInstanceOf(Problem.class);
            }
        }
    }
}
