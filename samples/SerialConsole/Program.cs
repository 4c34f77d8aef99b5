using HvBindgen.Mshv.Calls;
using SerialConsole;

const int BadArguments = 64; // EX_USAGE of sysexits.h
const int NoHypervisor = 2;

ConsoleOptions options;
try
{
    options = ConsoleOptions.Parse(args);
}
catch (Exception exception) when (exception is ArgumentException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"{exception.Message}\n{ConsoleOptions.Usage}");
    return BadArguments;
}

try
{
    return ConsoleSession.Run(options);
}
catch (Exception exception) when (exception is HypervisorException or PlatformNotSupportedException)
{
    Console.Error.WriteLine($"No guest can run here. {exception.Message}");
    return NoHypervisor;
}
