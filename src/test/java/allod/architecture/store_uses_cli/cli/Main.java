package allod.architecture.store_uses_cli.cli;

public interface Main {}
