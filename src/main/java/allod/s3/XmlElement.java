package allod.s3;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * One element of a document that a client sent: its local name, its own text and its children. Attributes, namespaces,
 * comments and processing instructions mean nothing in S3's documents and are passed over; a document type is refused, so
 * that there are no entities but XML's five.
 */
record XmlElement(String name, String text, List<XmlElement> children) {
    /** How deep elements may stand in each other; S3's own documents need four. */
    static final int MAX_DEPTH = 8;

    /** How many elements a document may have: 10,000 parts with four fields each, and room. */
    static final int MAX_ELEMENTS = 60_000;

    private static final XMLInputFactory FACTORY = factory();

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

    /**
     * @param root the name the document's element must have
     * @throws S3Refusal MALFORMED_XML if the bytes are no such document, or past a limit
     */
    static XmlElement parse(byte[] document, String root) {
        try {
            XMLStreamReader reader = FACTORY.createXMLStreamReader(new ByteArrayInputStream(document));
            try {
                XmlElement element = new Parser(reader).document();
                if (!element.name().equals(root)) {
                    throw malformed("It begins with another element than " + root + ".");
                }
                return element;
            } finally {
                reader.close();
            }
        } catch (XMLStreamException | RuntimeException e) {
            if (e instanceof S3Refusal refusal) {
                throw refusal;
            }
            throw malformed("It is not well-formed XML.");
        }
    }

    static S3Refusal malformed(String why) {
        return new S3Refusal(
                S3Error.MALFORMED_XML,
                "The XML you provided was not well-formed or did not validate against our published schema. " + why
                        + " Send the document that the S3 API reference shows for this operation.");
    }

    /** The one child of this name. */
    Optional<XmlElement> child(String child) {
        Optional<XmlElement> found = Optional.empty();
        for (XmlElement element : children) {
            if (element.name.equals(child)) {
                if (found.isPresent()) {
                    throw malformed("It has two of " + child + ".");
                }
                found = Optional.of(element);
            }
        }
        return found;
    }

    /** The text of the one child of this name. */
    Optional<String> childText(String child) {
        Optional<XmlElement> found = child(child);
        if (found.filter(element -> !element.children.isEmpty()).isPresent()) {
            throw malformed(child + " holds elements.");
        }
        return found.map(XmlElement::text);
    }

    /** The text of the child of this name, which must be there. */
    String requiredText(String child) {
        return childText(child).orElseThrow(() -> malformed("It lacks " + child + "."));
    }

    /** Walks the events of a document. */
    private static final class Parser {
        private final XMLStreamReader reader;
        private int elements;

        Parser(XMLStreamReader reader) {
            this.reader = reader;
        }

        XmlElement document() throws XMLStreamException {
            XmlElement root = null;
            while (reader.hasNext()) {
                int event = reader.next();
                refuseDocumentType(event);
                if (event == XMLStreamConstants.START_ELEMENT) {
                    root = element(1);
                }
            }
            if (root == null) {
                throw malformed("It has no element.");
            }
            return root;
        }

        private XmlElement element(int depth) throws XMLStreamException {
            if (depth > MAX_DEPTH || ++elements > MAX_ELEMENTS) {
                throw malformed("It has elements more deeply nested, or more of them, than any such document.");
            }
            String name = reader.getLocalName();
            var text = new StringBuilder();
            List<XmlElement> children = List.of();
            while (true) {
                int event = reader.next();
                refuseDocumentType(event);
                switch (event) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        if (children.isEmpty()) {
                            children = new ArrayList<>();
                        }
                        children.add(element(depth + 1));
                    }
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
                        text.append(reader.getText());
                    case XMLStreamConstants.END_ELEMENT -> {
                        return new XmlElement(name, text.toString(), children);
                    }
                    default -> {
                        // A comment or a processing instruction.
                    }
                }
            }
        }

        private static void refuseDocumentType(int event) {
            if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE) {
                throw malformed("It has a document type or an entity, which are not read here.");
            }
        }
    }
}
