package allod.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CheckpointTest {
    private static final String ORIGIN = "log.allod.example/g1";
    private static final Hash ROOT = MerkleTree.leafHash(new byte[0]);
    private static final String BASE64 = ROOT.toBase64();

    @Test
    void a_checkpoint_is_three_lines() {
        Checkpoint checkpoint = new Checkpoint(ORIGIN, Long.MAX_VALUE, ROOT);
        assertThat(checkpoint.text()).isEqualTo(ORIGIN + "\n9223372036854775807\n" + BASE64 + "\n");
        assertThat(Checkpoint.parse(checkpoint.text())).isEqualTo(checkpoint);
    }

    @Test
    void any_other_spelling_is_refused() {
        for (String text : List.of(
                "",
                ORIGIN + "\n1\n" + BASE64,
                ORIGIN + "\n1\n" + BASE64 + "\nextension\n",
                ORIGIN + "\n1\n" + BASE64 + "\n\n",
                ORIGIN + "\r\n1\r\n" + BASE64 + "\r\n",
                ORIGIN + "\r1\r" + BASE64 + "\r",
                "\n1\n" + BASE64 + "\n",
                "two words\n1\n" + BASE64 + "\n",
                ORIGIN + "\n+1\n" + BASE64 + "\n",
                ORIGIN + "\n-1\n" + BASE64 + "\n",
                ORIGIN + "\n-0\n" + BASE64 + "\n",
                ORIGIN + "\n01\n" + BASE64 + "\n",
                ORIGIN + "\n 1\n" + BASE64 + "\n",
                ORIGIN + "\n\n" + BASE64 + "\n",
                ORIGIN + "\n\u0661\n" + BASE64 + "\n",
                ORIGIN + "\n9223372036854775808\n" + BASE64 + "\n",
                ORIGIN + "\n1\n" + BASE64.replace("=", "") + "\n",
                ORIGIN + "\n1\n" + BASE64.substring(4) + "\n",
                ORIGIN + "\n1\nAAAA" + BASE64 + "\n",
                ORIGIN + "\n0\n" + BASE64 + "\n")) {
            assertThatThrownBy(() -> Checkpoint.parse(text)).as(text).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void a_hash_with_unused_bits_set_is_refused() {
        assertThat(BASE64).endsWith("0=");
        assertThatThrownBy(() -> Hash.fromBase64(BASE64.replace("0=", "1="))).isInstanceOf(MalformedException.class);
    }

    @Test
    void an_origin_has_at_most_255_bytes() {
        assertThat(new Checkpoint("x".repeat(255), 1, ROOT).origin()).hasSize(255);
        assertThatThrownBy(() -> new Checkpoint("x".repeat(256), 1, ROOT)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_signer_never_signs_a_fork() {
        Checkpoint five = new Checkpoint(ORIGIN, 5, ROOT);
        CheckpointSigner signer = new CheckpointSigner(Fixtures.LOG, Optional.of(five));
        assertThat(signer.sign(five).text()).isEqualTo(five.text());
        assertThatThrownBy(() -> signer.sign(new Checkpoint(ORIGIN, 4, ROOT)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> signer.sign(new Checkpoint(ORIGIN, 5, Hash.ZERO)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(signer.sign(new Checkpoint(ORIGIN, 6, Hash.ZERO)).signatures())
                .hasSize(1);
        assertThatThrownBy(() -> signer.sign(five)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void the_signer_signs_for_its_own_origin_only() {
        CheckpointSigner signer = new CheckpointSigner(Fixtures.LOG, Optional.empty());
        Checkpoint foreign = new Checkpoint("other.example", 5, ROOT);
        assertThatThrownBy(() -> signer.sign(foreign)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CheckpointSigner(Fixtures.LOG, Optional.of(foreign)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
