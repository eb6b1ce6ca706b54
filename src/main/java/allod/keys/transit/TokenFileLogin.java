package allod.keys.transit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The token that somebody else, such as an agent, keeps fresh in a file. */
final class TokenFileLogin implements Login {
    private final SecretFile file;

    TokenFileLogin(Path file) {
        this.file = new SecretFile("token-file", file);
    }

    @Override
    public String token() throws IOException {
        return file.read();
    }

    @Override
    public boolean replace(String refused) throws IOException {
        return !file.read().equals(refused);
    }

    @Override
    public List<String> remarks() {
        return file.remarks();
    }
}
