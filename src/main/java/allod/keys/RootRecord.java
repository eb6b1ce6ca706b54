package allod.keys;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The public record of one generation of a domain's key tree. It stands in the map, in every custody mirror and in
 * receipts, and holds no secret: the key of its root page only as custodians wrapped it. A record never changes once
 * written, so its hash names the generation.
 *
 * <p>The bytes are in docs/formats/key-tree.md; there is exactly one encoding for each record.
 *
 * @param domain the erasure domain, 16 random bytes
 * @param generation counts from 1; each erasure adds one, so it shows which of two roots is the older
 * @param height levels of the tree, 1 to 11
 * @param rootPageId id of the root page, 32 bytes
 * @param plan who holds the root: all whose wrap a full record has; with fewer wraps the generation is degraded
 * @param wraps the root page's key, or a share of it, as each custodian wrapped it, in the plan's order; at least as many
 *     as the plan's threshold
 * @param intent the attempt that made this generation
 * @param previousRecord {@link #hash} of the generation before; empty in the first one
 * @param previousReceipt hash of the receipt of the erasure before this one, 32 bytes; empty where there was none
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out, compared by content
public record RootRecord(
        byte[] domain,
        long generation,
        int height,
        byte[] rootPageId,
        CustodyPlan plan,
        List<Wrap> wraps,
        Intent intent,
        Optional<byte[]> previousRecord,
        Optional<byte[]> previousReceipt) {

    /** Most custodians a root can be given to. */
    public static final int MAX_CUSTODIANS = 16;

    /** Longest encoding of a record, in bytes. */
    public static final int MAX_BYTES = 64 * 1024;

    static final byte[] OUTLINE_MAGIC = "allodRO1".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] MAGIC = "allodRR1".getBytes(StandardCharsets.US_ASCII);

    /** @throws IllegalArgumentException if a component breaks its rule; the message shows the value */
    public RootRecord {
        domain = checked("domain", domain, PageHeader.DOMAIN_BYTES);
        rootPageId = checked("root page id", rootPageId, PageHeader.HASH_BYTES);
        check(generation >= 1, "generation", generation);
        check(height >= 1 && height <= PageHeader.MAX_HEIGHT, "height", height);
        wraps = List.copyOf(wraps);
        check(wraps.size() >= plan.threshold(), "number of wraps", wraps.size());
        List<String> holders = wraps.stream().map(Wrap::custodian).toList();
        List<String> expected =
                plan.custodians().stream().filter(holders::contains).toList();
        if (!expected.equals(holders)) {
            throw new IllegalArgumentException("a root record of " + plan + " cannot have wraps of " + holders);
        }
        Objects.requireNonNull(intent);
        previousRecord = previousRecord.map(hash -> checked("previous record's hash", hash, PageHeader.HASH_BYTES));
        previousReceipt = previousReceipt.map(hash -> checked("previous receipt's hash", hash, PageHeader.HASH_BYTES));
    }

    /**
     * The root page's key, or a share of it, under a handle of one custodian.
     *
     * @param custodian the custodian's name in this installation, 1 to 128 printable ASCII characters
     * @param handle the label of the custodian's key, 1 to 128 printable ASCII characters
     * @param wrapped what the custodian's key made of it, 1 to 2,048 bytes
     */
    public record Wrap(String custodian, String handle, byte[] wrapped) {
        /** Longest wrapped key, in bytes. */
        public static final int MAX_WRAPPED = 2048;

        /** @throws IllegalArgumentException if a component breaks its rule */
        public Wrap {
            checkName("custodian", custodian);
            checkName("handle", handle);
            check(wrapped.length >= 1 && wrapped.length <= MAX_WRAPPED, "length of a wrapped key", wrapped.length);
            wrapped = wrapped.clone();
        }

        @Override
        public byte[] wrapped() {
            return wrapped.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Wrap that
                    && custodian.equals(that.custodian)
                    && handle.equals(that.handle)
                    && Arrays.equals(wrapped, that.wrapped);
        }

        @Override
        public int hashCode() {
            return Objects.hash(custodian, handle, Arrays.hashCode(wrapped));
        }
    }

    /**
     * One attempt to make a generation. A repeated attempt draws another label, so that two attempts at the same
     * generation never share a custodian's handle.
     *
     * @param attempt counts from 1 in a domain and never goes back
     * @param label 8 random bytes, part of every handle of the attempt
     */
    public record Intent(long attempt, byte[] label) {
        /** Bytes of a label. */
        public static final int LABEL_BYTES = 8;

        /** @throws IllegalArgumentException if a component breaks its rule */
        public Intent {
            check(attempt >= 1, "attempt", attempt);
            label = checked("label", label, LABEL_BYTES);
        }

        @Override
        public byte[] label() {
            return label.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Intent that && attempt == that.attempt && Arrays.equals(label, that.label);
        }

        @Override
        public int hashCode() {
            return 31 * Long.hashCode(attempt) + Arrays.hashCode(label);
        }

        @Override
        public String toString() {
            return "attempt " + attempt + ", label " + HexFormat.of().formatHex(label);
        }
    }

    @Override
    public byte[] domain() {
        return domain.clone();
    }

    @Override
    public byte[] rootPageId() {
        return rootPageId.clone();
    }

    @Override
    public Optional<byte[]> previousRecord() {
        return previousRecord.map(byte[]::clone);
    }

    @Override
    public Optional<byte[]> previousReceipt() {
        return previousReceipt.map(byte[]::clone);
    }

    /** Whether some custodian held no wrap of this generation when it was made. */
    public boolean degraded() {
        return wraps.size() < plan.custodians().size();
    }

    /** The same record without what was wrapped. */
    public RootOutline outline() {
        return RootOutline.of(this);
    }

    /** SHA-256 of the {@link #outline}: it says also what was wrapped. */
    public byte[] hash() {
        return outline().hash();
    }

    RootRecord withWraps(List<Wrap> others) {
        return new RootRecord(
                domain, generation, height, rootPageId, plan, others, intent, previousRecord, previousReceipt);
    }

    /** A custodian's wrap, if it has one. */
    public Optional<Wrap> wrapOf(String custodian) {
        return wraps.stream().filter(wrap -> wrap.custodian.equals(custodian)).findFirst();
    }

    public byte[] encode() {
        return encode(MAGIC);
    }

    byte[] encode(byte[] magic) {
        ByteBuffer out = ByteBuffer.allocate(MAX_BYTES);
        out.put(magic).put(domain).putLong(generation).put((byte) height).put(rootPageId);
        out.putLong(intent.attempt()).put(intent.label);
        putOptional(out, previousRecord);
        putOptional(out, previousReceipt);
        out.put((byte) plan.threshold()).put((byte) plan.custodians().size());
        plan.custodians().forEach(id -> putName(out, id));
        out.put((byte) wraps.size());
        for (Wrap wrap : wraps) {
            putName(out, wrap.custodian);
            putName(out, wrap.handle);
            out.putShort((short) wrap.wrapped.length).put(wrap.wrapped);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    /**
     * Reads a record.
     *
     * @param bytes a whole record, nothing after it
     * @throws IllegalArgumentException if the bytes are not the one encoding of a record
     */
    public static RootRecord parse(byte[] bytes) {
        return parse(bytes, MAGIC);
    }

    static RootRecord parse(byte[] bytes, byte[] magic) {
        try {
            RootRecord record = read(ByteBuffer.wrap(bytes), magic);
            if (!Arrays.equals(record.encode(magic), bytes)) {
                throw new IllegalArgumentException("the root record is not in its one encoding");
            }
            return record;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the root record is cut short", e);
        }
    }

    private static RootRecord read(ByteBuffer in, byte[] magic) {
        if (!Arrays.equals(take(in, magic.length), magic)) {
            throw new IllegalArgumentException(
                    "not a root record: it does not begin with " + new String(magic, StandardCharsets.US_ASCII));
        }
        byte[] domain = take(in, PageHeader.DOMAIN_BYTES);
        long generation = in.getLong();
        int height = in.get();
        byte[] rootPageId = take(in, PageHeader.HASH_BYTES);
        Intent intent = new Intent(in.getLong(), take(in, Intent.LABEL_BYTES));
        Optional<byte[]> previousRecord = takeOptional(in);
        Optional<byte[]> previousReceipt = takeOptional(in);
        int threshold = in.get();
        int custodians = in.get();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < custodians; i++) {
            ids.add(takeName(in));
        }
        int count = in.get();
        List<Wrap> wraps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String custodian = takeName(in);
            String handle = takeName(in);
            wraps.add(new Wrap(custodian, handle, take(in, Short.toUnsignedInt(in.getShort()))));
        }
        return new RootRecord(
                domain,
                generation,
                height,
                rootPageId,
                new CustodyPlan(threshold, ids),
                wraps,
                intent,
                previousRecord,
                previousReceipt);
    }

    private static byte[] take(ByteBuffer in, int count) {
        if (count > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }

    private static void putOptional(ByteBuffer out, Optional<byte[]> hash) {
        out.put((byte) (hash.isPresent() ? 1 : 0));
        hash.ifPresent(out::put);
    }

    private static Optional<byte[]> takeOptional(ByteBuffer in) {
        return in.get() == 0 ? Optional.empty() : Optional.of(take(in, PageHeader.HASH_BYTES));
    }

    private static void putName(ByteBuffer out, String name) {
        out.put((byte) name.length()).put(name.getBytes(StandardCharsets.US_ASCII));
    }

    private static String takeName(ByteBuffer in) {
        return new String(take(in, Byte.toUnsignedInt(in.get())), StandardCharsets.US_ASCII);
    }

    private static byte[] checked(String what, byte[] bytes, int length) {
        check(bytes.length == length, "length of the " + what, bytes.length);
        return bytes.clone();
    }

    static void checkName(String what, String name) {
        boolean printable = name.chars().allMatch(c -> c > ' ' && c < 0x7f);
        check(printable && !name.isEmpty() && name.length() <= 128, "length or alphabet of the " + what, name.length());
    }

    private static void check(boolean holds, String what, long value) {
        if (!holds) {
            throw new IllegalArgumentException("a root record's " + what + " cannot be " + value);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RootRecord that && Arrays.equals(encode(), that.encode());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encode());
    }

    @Override
    public String toString() {
        return "generation " + generation + " of domain " + HexFormat.of().formatHex(domain) + " (" + intent + ")";
    }
}
