package allod.audit;

import allod.log.LogFetcher;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A log's resources as files of one folder, each under its path.
 *
 * @param folder the one that holds {@code checkpoint} and {@code tile}
 */
record FolderResources(Path folder) implements LogFetcher {
    @Override
    public Optional<byte[]> fetch(String path, int maxBytes) throws IOException {
        try (InputStream in = Files.newInputStream(folder.resolve(path))) {
            byte[] bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new IOException(folder.resolve(path) + " has more than " + maxBytes + " bytes");
            }
            return Optional.of(bytes);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
