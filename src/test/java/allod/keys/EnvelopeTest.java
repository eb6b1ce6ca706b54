package allod.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
    private static final byte[] SLOT = CountingRandom.bytes(1, 32);
    private static final byte[] DOMAIN = CountingRandom.bytes(2, 16);
    private static final byte[] OBJECT = CountingRandom.bytes(3, 16);
    private static final byte[] BLOB = CountingRandom.bytes(4, 16);
    private static final byte[] NONE = Envelope.NO_ACCESS_SECRET;
    private static final EnvelopeBinding BINDING = new EnvelopeBinding(DOMAIN, 7, OBJECT);
    private final SecureRandom random = new SecureRandom();

    @Test
    void an_envelope_opens_to_the_key_that_was_sealed_in_it() {
        for (byte[] access : new byte[][] {NONE, new byte[1], CountingRandom.bytes(9, 32), new byte[64]}) {
            var sealed = Envelope.seal(SLOT, access, BINDING, random);
            var stored = Envelope.decode(sealed.envelope().encode());
            assertThat(stored).isEqualTo(sealed.envelope());
            assertThat(stored.open(SLOT, access, BINDING).copy())
                    .isEqualTo(sealed.contentKey().copy());
        }
        assertThatThrownBy(() -> Envelope.seal(SLOT, new byte[65], BINDING, random))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Envelope.seal(new byte[31], NONE, BINDING, random))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nothing_but_its_own_slot_access_secret_and_object_opens_it() {
        byte[] access = CountingRandom.bytes(50, 32);
        var envelope = Envelope.seal(SLOT, access, BINDING, random).envelope();
        FloeTest.refused(() -> envelope.open(CountingRandom.bytes(0, 32), access, BINDING));
        FloeTest.refused(() -> envelope.open(SLOT, NONE, BINDING));
        FloeTest.refused(() -> envelope.open(SLOT, CountingRandom.bytes(51, 32), BINDING));
        FloeTest.refused(() -> envelope.open(SLOT, access, new EnvelopeBinding(new byte[16], 7, OBJECT)));
        FloeTest.refused(() -> envelope.open(SLOT, access, new EnvelopeBinding(DOMAIN, 8, OBJECT)));
        FloeTest.refused(() -> envelope.open(SLOT, access, new EnvelopeBinding(DOMAIN, 7, DOMAIN)));
    }

    @Test
    void a_change_of_any_bit_of_an_envelope_is_refused() {
        byte[] stored = Envelope.seal(SLOT, NONE, BINDING, random).envelope().encode();
        for (int bit = 0; bit < 8 * stored.length; bit++) {
            byte[] changed = stored.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            FloeTest.refused(() -> Envelope.decode(changed).open(SLOT, NONE, BINDING));
        }
        assertThatThrownBy(() -> Envelope.decode(Arrays.copyOf(stored, 93)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Envelope.decode(Arrays.copyOf(stored, 91)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_share_wraps_the_same_key_under_its_own_slot() {
        var version = Envelope.seal(SLOT, NONE, BINDING, random);
        byte[] shareSlot = CountingRandom.bytes(77, 32);
        var share = Envelope.wrap(version.contentKey(), shareSlot, new byte[32], BINDING, random);
        assertThat(share.envelope().open(shareSlot, new byte[32], BINDING).copy())
                .isEqualTo(version.contentKey().copy());
        FloeTest.refused(() -> share.envelope().open(SLOT, NONE, BINDING));
    }

    @Test
    void metadata_and_manifest_open_only_for_their_purpose_and_place() {
        ContentKey key = ContentKey.random(random);
        byte[] text = "content-type".getBytes(StandardCharsets.UTF_8);
        byte[] metadata = key.sealMetadata(DOMAIN, text, random);
        byte[] manifest = key.sealManifest(DOMAIN, text, random);
        assertThat(metadata).hasSize(text.length + ContentKey.SEAL_OVERHEAD);
        assertThat(key.openMetadata(DOMAIN, metadata)).isEqualTo(text);
        assertThat(key.openManifest(DOMAIN, manifest)).isEqualTo(text);
        assertThat(key.sealMetadata(DOMAIN, text, random)).isNotEqualTo(metadata);
        FloeTest.refused(() -> key.openManifest(DOMAIN, metadata));
        FloeTest.refused(() -> key.openMetadata(DOMAIN, manifest));
        FloeTest.refused(() -> key.openMetadata(OBJECT, metadata));
        FloeTest.refused(() -> ContentKey.random(random).openMetadata(DOMAIN, metadata));
        for (int length = 0; length < metadata.length; length++) {
            byte[] cut = Arrays.copyOf(metadata, length);
            FloeTest.refused(() -> key.openMetadata(DOMAIN, cut));
        }
        for (int at = 0; at < metadata.length; at++) {
            byte[] changed = metadata.clone();
            changed[at] ^= 1;
            FloeTest.refused(() -> key.openMetadata(DOMAIN, changed));
        }
    }

    @Test
    void each_stream_has_its_own_key_and_place() {
        ContentKey key = ContentKey.random(random);
        var first = new StreamBinding(DOMAIN, OBJECT, 1);
        var second = new StreamBinding(DOMAIN, OBJECT, 2);
        assertThat(key.streamKey(first)).isNotEqualTo(key.streamKey(second));
        assertThat(key.streamKey(first)).isNotEqualTo(key.streamKey(new StreamBinding(DOMAIN, BLOB, 1)));
        assertThat(first.aad())
                .isEqualTo(ByteBuffer.allocate(34)
                        .put(DOMAIN)
                        .put(OBJECT)
                        .putShort((short) 1)
                        .array());
        assertThat(new StreamBinding(DOMAIN, OBJECT, 10_000).aad()).endsWith(0x27, 0x10);
        for (int wrong : new int[] {0, 10_001}) {
            assertThatThrownBy(() -> new StreamBinding(DOMAIN, OBJECT, wrong))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        byte[] out = new byte[100];
        try (var encryptor = key.encryptor(first, new byte[0], random)) {
            int length = encryptor.seal(OBJECT, 0, 16, true, out, 0);
            byte[] opened = new byte[16];
            try (var decryptor = new FloeDecryptor(
                    FloeParameters.STANDARD, key.streamKey(first), first.aad(), encryptor.header(), 0)) {
                decryptor.open(0, true, out, 0, length, opened, 0);
            }
            assertThat(opened).isEqualTo(OBJECT);
        }
    }

    @Test
    void a_part_opens_only_for_its_upload_number_and_blob() {
        var upload = Envelope.seal(SLOT, NONE, BINDING, random).envelope();
        byte[] record = CountingRandom.bytes(8, 68);
        try (UploadKey key = UploadKey.of(upload, SLOT, NONE, BINDING)) {
            byte[] sealed = key.sealPart(3, BLOB, record, random);
            assertThat(sealed).hasSize(record.length + UploadKey.SEAL_OVERHEAD);
            assertThat(key.openPart(3, BLOB, sealed)).isEqualTo(record);
            FloeTest.refused(() -> key.openPart(4, BLOB, sealed));
            FloeTest.refused(() -> key.openPart(3, OBJECT, sealed));
            for (int at = 0; at < sealed.length; at++) {
                byte[] changed = sealed.clone();
                changed[at] ^= 1;
                FloeTest.refused(() -> key.openPart(3, BLOB, changed));
            }
            FloeTest.refused(() -> key.openPart(3, BLOB, new byte[27]));
            assertThatThrownBy(() -> key.sealPart(0, BLOB, record, random))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> key.sealPart(10_001, BLOB, record, random))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        FloeTest.refused(() -> UploadKey.of(upload, BLOB32, NONE, BINDING));
    }

    private static final byte[] BLOB32 = CountingRandom.bytes(90, 32);

    @Test
    void a_closed_key_is_of_no_use() {
        var sealed = Envelope.seal(SLOT, NONE, BINDING, random);
        sealed.contentKey().close();
        assertThatThrownBy(() -> sealed.contentKey().copy()).isInstanceOf(IllegalStateException.class);
        var upload = UploadKey.of(sealed.envelope(), SLOT, NONE, BINDING);
        upload.close();
        assertThatThrownBy(() -> upload.sealPart(1, BLOB, BLOB, random)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void no_key_is_ever_printed() {
        var sealed = Envelope.seal(SLOT, NONE, BINDING, random);
        String printed = sealed + " " + UploadKey.of(sealed.envelope(), SLOT, NONE, BINDING);
        assertThat(printed)
                .doesNotContain(HexFormat.of().formatHex(sealed.contentKey().copy()));
        assertThat(printed).contains("ContentKey[]", "UploadKey[]");
    }

    @Test
    void a_masked_etag_unmasks_under_its_slot_alone() {
        byte[] etag = CountingRandom.bytes(200, 16);
        byte[] masked = EtagMask.apply(SLOT, etag);
        assertThat(masked).isNotEqualTo(etag);
        assertThat(EtagMask.apply(SLOT, masked)).isEqualTo(etag);
        assertThat(EtagMask.apply(BLOB32, masked)).isNotEqualTo(etag);
        assertThatThrownBy(() -> EtagMask.apply(SLOT, new byte[15])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EtagMask.apply(SLOT, new byte[17])).isInstanceOf(IllegalArgumentException.class);
    }
}
