package allod.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientCredentialsTest {
    @TempDir
    Path home = Path.of("");

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void files() throws IOException {
        environment.put("HOME", home.toString());
        Path aws = Files.createDirectory(home.resolve(".aws"));
        Files.writeString(aws.resolve("credentials"), """
                # a comment = of no matter
                [default]
                aws_access_key_id = file-id
                aws_secret_access_key=file/secret=with+signs
                [ other ]
                aws_access_key_id = other-id
                aws_secret_access_key = other-secret
                aws_session_token = token
                """);
        Files.writeString(aws.resolve("config"), """
                [default]
                region = eu-central-1
                s3 =
                  region = nested
                [profile other]
                region = ap-south-1
                [profile config-only]
                aws_access_key_id = config-id
                aws_secret_access_key = config-secret
                """);
    }

    @Test
    void our_own_variables_win_over_those_of_aws_and_these_over_the_files() throws IOException {
        assertThat(find())
                .isEqualTo(
                        new ClientCredentials("file-id", "file/secret=with+signs", Optional.empty(), "eu-central-1"));
        environment.put("AWS_ACCESS_KEY_ID", "aws-id");
        environment.put("AWS_SECRET_ACCESS_KEY", "aws-secret");
        environment.put("AWS_REGION", "us-west-2");
        assertThat(find()).isEqualTo(new ClientCredentials("aws-id", "aws-secret", Optional.empty(), "us-west-2"));
        environment.put("ALLOD_ACCESS_KEY", "our-id");
        environment.put("ALLOD_SECRET_KEY", "our-secret");
        assertThat(find()).isEqualTo(new ClientCredentials("our-id", "our-secret", Optional.empty(), "us-west-2"));
    }

    @Test
    void a_profile_is_looked_up_in_both_files() throws IOException {
        environment.put("AWS_PROFILE", "other");
        assertThat(find())
                .isEqualTo(new ClientCredentials("other-id", "other-secret", Optional.of("token"), "ap-south-1"));
        environment.put("AWS_PROFILE", "config-only");
        assertThat(find().accessKey()).isEqualTo("config-id");
        environment.put("AWS_PROFILE", "none");
        assertThatThrownBy(this::find).isInstanceOf(Problem.class).hasMessageContaining("'none'");
    }

    @Test
    void half_a_pair_is_refused_and_a_secret_shows_in_no_text() throws IOException {
        assertThat(find().toString()).doesNotContain("file/secret");
        environment.put("AWS_ACCESS_KEY_ID", "aws-id");
        assertThatThrownBy(this::find).isInstanceOf(Problem.class).hasMessageContaining("AWS_SECRET_ACCESS_KEY");
    }

    private ClientCredentials find() throws IOException {
        return ClientCredentials.find(new Surroundings(environment));
    }
}
