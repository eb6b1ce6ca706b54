package allod.cli;

import allod.Config;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.LoggerFactory;

/**
 * Logging to standard error, one line an event. Logback finds this class by its service file and so looks for no
 * configuration file; parsing one would cost a third of the start.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
    private static final String CONSOLE = "stderr";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        set(context, Config.Logging.Format.TEXT, Level.INFO);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Puts the operator's settings in the place of those of the start. */
    static void apply(Config.Logging logging) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            set(context, logging.format(), Level.valueOf(logging.level().name()));
        }
    }

    private static void set(LoggerContext context, Config.Logging.Format format, Level level) {
        var encoder = new LineEncoder(format);
        encoder.setContext(context);
        encoder.start();
        var console = new ConsoleAppender<ILoggingEvent>();
        console.setContext(context);
        console.setName(CONSOLE);
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(console);
        root.setLevel(Level.WARN);
        context.getLogger("allod").setLevel(level);
    }
}
