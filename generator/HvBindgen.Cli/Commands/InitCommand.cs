using System.CommandLine;
using System.Runtime.InteropServices;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Files;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Output;

namespace HvBindgen.Cli.Commands;

/// <summary><c>init</c>: starts a configuration for headers the user names.</summary>
internal static class InitCommand
{
    private const string SchemaName = "hvbindgen.schema.json";

    public static Command Create()
    {
        Argument<string> folder = new("DIR") { Description = "Folder for the configuration.", DefaultValueFactory = _ => "." };
        Option<string[]> headers = new("--header", "-H")
        {
            Description = "Header as an #include names it, such as linux/vfio.h.",
            HelpName = "HEADER",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string> @namespace = new("--namespace", "-n") { Description = "C# namespace of the bindings.", HelpName = "NAMESPACE", Required = true };
        Option<string?> name = new("--name") { Description = "Name of the set; by default that of the first header.", HelpName = "NAME" };
        Option<string[]> include = new("--include", "-I")
        {
            Description = "Folder where headers are looked for, '{multiarch}' stands for the target's own; by default the system's.",
            HelpName = "DIR",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string[]> targets = new("--target", "-t")
        {
            Description = "Target of the bindings; by default this machine.",
            HelpName = "NAME",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<bool> force = new("--force") { Description = "Replace a configuration that is there." };
        Command command = new("init", "Starts a configuration for other headers, ready for: hvbindgen generate")
        {
            folder, headers, @namespace, name, include, targets, force,
        };
        command.SetAction(parsed =>
        {
            string[] named = parsed.GetValue(headers)!;
            StarterConfiguration starter = new(
                parsed.GetValue(name) ?? Path.GetFileNameWithoutExtension(named[0]).Replace('.', '_'),
                named,
                parsed.GetValue(@namespace)!,
                parsed.GetValue(include) is { Length: > 0 } given
                    ? [.. given.Select(Path.GetFullPath)]
                    : ["/usr/include/{multiarch}", "/usr/include"],
                parsed.GetValue(targets) is { Length: > 0 } chosen
                    ? [.. chosen.Select(BindingConfiguration.RequireTarget).Select(target => target.Name)]
                    : [ThisMachine()]);
            Terminal terminal = new(parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            Write(Path.GetFullPath(parsed.GetValue(folder)!), starter, parsed.GetValue(force), terminal);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static void Write(string folder, StarterConfiguration starter, bool isForced, Terminal terminal)
    {
        string path = Path.Combine(folder, BindingConfiguration.FileName);
        if (File.Exists(path) && !isForced)
        {
            throw new ConfigurationException($"{path} is there already", "Choose another folder, or replace it with --force.");
        }

        starter.Check();
        OutputPlan plan = new();
        plan.Add(folder, BindingConfiguration.FileName, starter.ToJson(SchemaName));
        plan.Add(folder, SchemaName, ReadSchema());
        plan.Commit();

        // Only the user's own command line leads out of the repository.
        PathBounds bounds = PathBounds.Around(path);
        string allow = string.Concat(
            starter.IncludePaths.Where(include => !bounds.MayRead(include)).Select(include => $" --allow-path {CommandContext.Shorten(include)}"));
        terminal.Error.WriteLine(
            $"{CommandContext.Shorten(path)} is written. Next: hvbindgen generate --config {CommandContext.Shorten(path)}{allow}");
    }

    private static byte[] ReadSchema()
    {
        using Stream stream = typeof(InitCommand).Assembly.GetManifestResourceStream(SchemaName)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private static string ThisMachine() => RuntimeInformation.OSArchitecture switch
    {
        Architecture.Arm64 => "arm64",
        Architecture.X86 => "i686",
        Architecture.Arm => "armv7",
        Architecture.RiscV64 => "riscv64",
        Architecture.Ppc64le => "ppc64le",
        Architecture.S390x => "s390x",
        _ => TargetInfo.Known[0].Name,
    };
}
