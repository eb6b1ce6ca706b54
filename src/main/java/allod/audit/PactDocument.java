package allod.audit;

import allod.log.MalformedException;
import allod.log.VerifierKey;
import java.io.IOException;
import java.net.URI;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is read of a provider's pact document: the key of its log, {@code {"log":{"vkey":...}}}. */
public final class PactDocument {
    /** Where the document stands under a provider's pact address. */
    public static final String PATH = "/.well-known/data-protection-pact";

    /** Longest document. */
    public static final int MAX_BYTES = 256 * 1024;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    private PactDocument() {}

    /**
     * The log's key.
     *
     * @throws MalformedException if the document is not JSON or names no key
     */
    public static VerifierKey logKey(byte[] document) {
        if (document.length > MAX_BYTES) {
            throw new MalformedException("pact document has more than " + MAX_BYTES + " bytes");
        }
        JsonNode vkey;
        try {
            vkey = JSON.readTree(document).path("log").path("vkey");
        } catch (JacksonException e) {
            throw new MalformedException("pact document is not JSON: " + e.getOriginalMessage());
        }
        if (!vkey.isString()) {
            throw new MalformedException("pact document names no key of a log");
        }
        return VerifierKey.parse(vkey.stringValue());
    }

    /**
     * Fetches the document of a provider and reads the log's key. Whoever answers at this address names the key, so it
     * is to be compared by another way before much hangs on it.
     *
     * @param pactAddress http or https, such as {@code http://127.0.0.1:9001}
     * @throws MalformedException if the document is not JSON or names no key
     * @throws IOException if it cannot be fetched
     */
    public static VerifierKey fetchLogKey(URI pactAddress) throws IOException {
        URI document = WebResources.under(pactAddress, PATH.substring(1));
        try (WebResources web = new WebResources()) {
            return logKey(web.get(document, MAX_BYTES)
                    .orElseThrow(() -> new IOException("there is no pact document at " + document)));
        }
    }
}
