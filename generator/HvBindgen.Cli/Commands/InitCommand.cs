using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Files;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Output;

namespace HvBindgen.Cli.Commands;

/// <summary><c>init</c>: starts a configuration for headers the user names, or adds them to one.</summary>
internal static class InitCommand
{
    private const string SchemaName = "hvbindgen.schema.json";

    internal static Command Create()
    {
        Argument<string> folder = new("DIR") { Description = "Folder for the configuration.", DefaultValueFactory = _ => "." };
        Option<string[]> headers = List("--header", "HEADER", "Header as an #include names it, such as linux/vfio.h.", "-H");
        headers.Required = true;
        Option<string?> @namespace = new("--namespace", "-n")
        {
            Description = "C# namespace of a new set; without it the headers are added to a set that is there.",
            HelpName = "NAMESPACE",
        };
        Option<string?> name = new("--name")
        {
            Description = "Name of the set; by default that of the first header, or of the only set.",
            HelpName = "NAME",
        };
        Option<string[]> include = List(
            "--include", "DIR", "Folder where headers are looked for, '{multiarch}' stands for the target's own; by default the system's.",
            "-I");
        Option<string[]> targets = List("--target", "NAME", "Target of the bindings; by default this machine.", "-t");
        targets.CompletionSources.Add([.. TargetInfo.Known.Select(target => target.Name)]);
        Option<string[]> own = List(
            "--own", "PATTERN", "Headers whose declarations belong to the set, such as 'linux/vfio*'; by default the named ones.");
        Option<string[]> define = List("--define", "MACRO", "Macro given to the compiler, as NAME or NAME=value.", "-D");
        Option<string[]> block = List("--block", "PATTERN", "Declarations to leave out, by name.");
        Option<bool> @internal = new("--internal") { Description = "The types are for their own assembly alone." };
        Option<int?> language = new("--language")
        {
            Description = "Version of C#: 14, or 15 with its rules for memory safety.",
            HelpName = "14|15",
        };
        language.AcceptOnlyFromAmong("14", "15");
        Option<bool> force = new("--force") { Description = "Replace a configuration that is there." };
        Command command = new("init", "Starts a configuration for other headers, or adds headers to one; ready for: hvbindgen generate")
        {
            folder, headers, @namespace, name, include, targets, own, define, block, @internal, language, force,
        };
        command.SetAction(parsed =>
        {
            string[] named = parsed.GetValue(headers)!;
            StarterConfiguration starter = new(
                parsed.GetValue(name) ?? "",
                named,
                parsed.GetValue(@namespace) ?? "",
                parsed.GetValue(include) is { Length: > 0 } given
                    ? [.. given.Select(Path.GetFullPath)]
                    : StarterConfiguration.DistributionFolders,
                parsed.GetValue(targets) is { Length: > 0 } chosen
                    ? [.. chosen.Select(BindingConfiguration.RequireTarget).Select(target => target.Name)]
                    : [ThisMachine()])
            {
                Own = parsed.GetValue(own) ?? [],
                Defines = parsed.GetValue(define) ?? [],
                Block = parsed.GetValue(block) ?? [],
                IsInternal = parsed.GetValue(@internal),
                Language = parsed.GetValue(language),
            };
            Terminal terminal = new(parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            string path = Path.Combine(Path.GetFullPath(parsed.GetValue(folder)!), BindingConfiguration.FileName);
            string text = File.Exists(path) && !parsed.GetValue(force) ? Extend(path, starter) : Start(starter);
            Write(path, text, starter, terminal);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static Option<string[]> List(string name, string helpName, string description, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = helpName,
        AllowMultipleArgumentsPerToken = true,
    };

    private static string Start(StarterConfiguration starter)
    {
        RequireNamespace(starter);
        StarterConfiguration named = Named(starter);
        named.Check();
        return named.ToJson(SchemaName);
    }

    // With a namespace it is a new set, else a set that is there gets the headers.
    private static string Extend(string path, StarterConfiguration starter)
    {
        BindingConfiguration configuration = BindingConfiguration.Read(path, Anywhere(path));
        ConfigurationText text = new(File.ReadAllBytes(path));
        if (starter.Namespace.Length > 0)
        {
            StarterConfiguration named = Named(starter) with { First = configuration.Sets[0] };
            if (configuration.Sets.Any(set => set.Name == named.Set))
            {
                throw new ConfigurationException(
                    $"{path} has a set {named.Set} already",
                    "Leave --namespace out to add the headers to it, choose another --name, or replace the file with --force.");
            }

            named.Check();
            return Checked(path, text.Append("sets", named.SetToJson()));
        }

        if (starter.Set.Length == 0 && configuration.Sets.Count > 1)
        {
            throw new ConfigurationException(
                $"{path} has several sets: {string.Join(", ", configuration.Sets.Select(set => set.Name))}",
                "Say with --name to which the headers belong, or with --namespace that they are a new set.");
        }

        BindingSet chosen = starter.Set.Length == 0 ? configuration.Sets[0] : configuration.Select([starter.Set])[0];
        foreach (TargetInfo target in chosen.Targets)
        {
            StarterConfiguration.Require(target, chosen.IncludePaths, starter.Headers);
        }

        return Checked(path, Added(text, $"sets[{configuration.Sets.ToList().IndexOf(chosen)}]", chosen, starter));
    }

    private static ConfigurationText Added(ConfigurationText text, string set, BindingSet chosen, StarterConfiguration starter)
    {
        string[] headers = [.. starter.Headers.Except(chosen.Headers)];
        IReadOnlyList<string> own = starter.Own.Count > 0 || !text.Has($"{set}.own") ? starter.Own : headers;
        foreach ((string key, IEnumerable<string> values) in (ReadOnlySpan<(string, IEnumerable<string>)>)[
            ("headers", headers), ("own", own.Except(chosen.Own)), ("defines", starter.Defines.Except(chosen.Defines)),
            ("block", starter.Block.Except(chosen.Block))])
        {
            foreach (string value in values)
            {
                string json = $"\"{JsonEncodedText.Encode(value)}\"";
                text = text.Has($"{set}.{key}") ? text.Append($"{set}.{key}", json) : text.AddKey(set, key, $"[{json}]");
            }
        }

        return text;
    }

    // What is written must be a configuration; nobody is to find out at the next command.
    private static string Checked(string path, ConfigurationText text)
    {
        BindingConfiguration.Read(path, text.Content, Anywhere(path));
        return System.Text.Encoding.UTF8.GetString(text.Content);
    }

    // Nothing that the file names is read or written here: what follows says whether it may be.
    private static PathBounds Anywhere(string path) => PathBounds.Around(path, ["/"]);

    private static StarterConfiguration Named(StarterConfiguration starter) => starter.Set.Length > 0
        ? starter
        : starter with { Set = Path.GetFileNameWithoutExtension(starter.Headers[0]).Replace('.', '_') };

    private static void RequireNamespace(StarterConfiguration starter)
    {
        if (starter.Namespace.Length == 0)
        {
            throw new ConfigurationException(
                "there is no configuration yet, and a new one needs a namespace", "Give it with: --namespace NAME");
        }
    }

    private static void Write(string path, string text, StarterConfiguration starter, Terminal terminal)
    {
        string folder = Path.GetDirectoryName(path)!;
        OutputPlan plan = new();
        plan.Add(folder, BindingConfiguration.FileName, text);
        plan.Add(folder, SchemaName, ReadSchema());
        plan.Commit();

        // Only the user's own command line leads out of the repository.
        PathBounds bounds = PathBounds.Around(path);
        string allow = string.Concat(
            starter.IncludePaths.Where(include => !bounds.MayRead(include)).Select(
                include => $" --allow-path {CommandContext.Shorten(include)}"));
        terminal.Tell(
            $"{CommandContext.Shorten(path)} is written. Next: hvbindgen generate --config {CommandContext.Shorten(path)}{allow}");
        if (ProjectSettings.Lacks(folder) is { } lacks)
        {
            terminal.Tell($"note: {lacks}");
        }
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
