using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using HvBindgen.Cli.Commands;
using HvBindgen.Cli.Printing;
using HvBindgen.Cli.Running;
using HvBindgen.Generator;

namespace HvBindgen.Cli;

/// <summary>The command table.</summary>
internal static class Program
{
    private const int HelpWidth = 110;

    private static int Main(string[] arguments)
    {
        if ((arguments.Contains("generate") || arguments.Contains("snapshot"))
            && !arguments.Any(argument => argument is "--watch" or "-w" or "--untrusted"))
        {
            ShortProcess.Prepare();
            if (NeedsLibClang(arguments))
            {
                ShortProcess.MakeThreads();
                CommandContext.LoadLibClangEarly();
            }
        }

        int exitCode = Run(arguments, Console.Out, Console.Error, isProcess: true);
        CommandContext.AwaitEarlyLoad();
        ShortProcess.End(exitCode);
        return exitCode;
    }

    // To load it takes longest of all that comes before the first parse, so it does not wait for the command line to be understood. Where
    // that might name another one, or ask for help alone, it does.
    private static bool NeedsLibClang(string[] arguments) =>
        arguments[0] is "generate" or "snapshot" && !arguments.Any(argument => argument is "-h" or "-?" or "--help" or "--text"
            || argument.StartsWith("--libclang", StringComparison.Ordinal) || argument.StartsWith('@'));

    /// <summary>Runs one command line.</summary>
    /// <param name="arguments">Arguments without the program's name.</param>
    /// <param name="output">Receives results.</param>
    /// <param name="error">Receives messages.</param>
    /// <param name="isProcess">Whether this process does nothing else, so that it may have a child do the work.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    internal static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error, bool isProcess = false)
    {
        GlobalOptions globals = new();
        ParseResult parsed = CreateRoot(globals).Parse(arguments);
        InvocationConfiguration invocation = new() { Output = output, Error = error, EnableDefaultExceptionHandler = false };
        if (parsed.Action is ParseErrorAction usage)
        {
            usage.ShowHelp = false;

            // Suggestions would go to the output, where programs read results.
            parsed.Invoke(new InvocationConfiguration { Output = error, Error = error });
            error.WriteLine("Help: hvbindgen --help, or --help behind a command.");
            return (int)ExitCode.BadConfiguration;
        }

        try
        {
            // Exit code 2 is the one for no answer of the commands whose code is an answer.
            bool isJudgement = parsed.CommandResult.Command.Name is "diff" or "check-uapi" or "history" or "lint";
            bool isGuarded = isJudgement || parsed.GetValue(globals.Untrusted);
            if (!isGuarded && parsed.CommandResult.HasGiven(globals.MemoryLimit))
            {
                new Terminal(output, error).Fail(
                    $"{globals.MemoryLimit.Name} does nothing here: only a child process has a limit.",
                    $"Have one with {globals.Untrusted.Name}.");
                return (int)ExitCode.BadConfiguration;
            }

            if (isProcess && isGuarded && !RunProgress.IsChild && parsed.Action is not (HelpAction or PrintHelp))
            {
                TimeSpan deadline = TimeSpan.FromSeconds(parsed.GetValue(globals.Deadline));
                long memoryBytes = (long)parsed.GetValue(globals.MemoryLimit) << 20;
                Terminal terminal = new(output, error);
                int noAnswer = isJudgement ? DiffCommand.CouldNotEvaluate : (int)ExitCode.LimitExceeded;
                if (!parsed.GetValue(globals.Untrusted) && DiffCommand.ComparesSnapshots(parsed))
                {
                    ShortProcess.PrepareWithoutClang();
                    using LimitedRun limits = new(deadline, memoryBytes, terminal, noAnswer);
                    return parsed.Invoke(invocation);
                }

                return new GuardedRun(deadline, memoryBytes).Run(arguments, terminal) ?? noAnswer;
            }

            return parsed.Invoke(invocation);
        }
        catch (Exception fault)
        {
            return (int)Failures.Report(fault, new Terminal(output, error));
        }
    }

    private static RootCommand CreateRoot(GlobalOptions globals)
    {
        RootCommand root = new("Makes C# bindings and ABI snapshots of Linux uapi headers, first of all those of /dev/mshv.")
        {
            globals.Configuration,
            globals.LibClang,
            globals.AllowPath,
            globals.Untrusted,
            globals.Deadline,
            globals.MemoryLimit,
            GenerateCommand.Create(globals),
            SnapshotCommand.Create(globals),
            VerifyCommand.Create(globals),
            HeadersCommand.Create(globals),
            ShowCommand.Create(globals),
            IoctlsCommand.Create(globals),
            DecodeCommand.Create(globals),
            DoctorCommand.Create(globals),
            InitCommand.Create(globals),
            DiffCommand.Create(globals),
            CheckUapiCommand.Create(globals),
            LintCommand.Create(globals),
            ExplainCommand.Create(globals),
            HistoryCommand.Create(globals),
        };
        foreach (Option option in root.Options)
        {
            if (option is VersionOption version)
            {
                version.Action = new PrintVersion();
            }
            else if (option is HelpOption { Action: SynchronousCommandLineAction help } helpOption)
            {
                helpOption.Action = new PrintHelp(help);
            }
        }

        return root;
    }

    private sealed class PrintVersion : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(ToolVersion.Text);
            return 0;
        }
    }

    private sealed class PrintHelp(SynchronousCommandLineAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            help.Invoke(parseResult);
            if (parseResult.CommandResult.Command is RootCommand)
            {
                InvocationConfiguration invocation = parseResult.InvocationConfiguration;
                int width = Math.Min(HelpWidth, new Terminal(invocation.Output, invocation.Error).Width);
                invocation.Output.WriteLine(LineFolding.Fold(ExitCodes.Help, width));
            }

            return 0;
        }
    }
}
