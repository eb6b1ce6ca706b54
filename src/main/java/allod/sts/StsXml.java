package allod.sts;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes one answer: elements with text, in the order they are added. */
final class StsXml {
    private static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

    /** The JDK's own, found once; it may make writers for many threads at a time. */
    private static final XMLOutputFactory WRITERS = XMLOutputFactory.newDefaultFactory();

    private final StringWriter text = new StringWriter(1024);
    private final XMLStreamWriter out;
    private int open;

    @FunctionalInterface
    private interface Step {
        void take() throws XMLStreamException;
    }

    StsXml(String root) {
        try {
            out = WRITERS.createXMLStreamWriter(text);
        } catch (XMLStreamException e) {
            throw new IllegalStateException("every JDK writes XML", e);
        }
        step(() -> {
            out.writeStartElement(root);
            out.writeDefaultNamespace(NAMESPACE);
        });
        open = 1;
    }

    private StsXml step(Step step) {
        try {
            step.take();
            return this;
        } catch (XMLStreamException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
    }

    StsXml begin(String name) {
        open++;
        return step(() -> out.writeStartElement(name));
    }

    StsXml end() {
        open--;
        return step(out::writeEndElement);
    }

    StsXml element(String name, String value) {
        return begin(name).step(() -> out.writeCharacters(value)).end();
    }

    byte[] toBytes() {
        while (open > 0) {
            end();
        }
        step(out::flush);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
