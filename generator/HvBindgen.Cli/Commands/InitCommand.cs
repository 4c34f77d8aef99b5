using System.CommandLine;
using System.Runtime.InteropServices;
using HvBindgen.Cli.Printing;
using HvBindgen.Cli.Running;
using HvBindgen.Cli.Starting;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Files;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Output;

namespace HvBindgen.Cli.Commands;

/// <summary><c>init</c>: starts a configuration for headers the user names, or adds them to one.</summary>
internal static class InitCommand
{
    private const string SchemaName = "hvbindgen.schema.json";

    internal static Command Create(GlobalOptions globals)
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
        Option<string[]> strip = List("--strip-prefix", "PREFIX", "Prefix that types, constants and requests lose in C#.");
        Option<string[]> rename = List("--rename", "NAME=TEXT", "C# name of a declaration, or of 'struct name.member'.");
        Option<string[]> attribute = List("--attribute", "NAME=TEXT", "C# attribute of a declaration or member, without brackets.");
        Option<bool> oneFile = new("--one-file") { Description = "One file for all declarations, in place of some for each header." };
        Option<string?> prefix = new("--class-prefix")
        {
            Description = "What the classes made for the set begin with, such as its constants.",
            HelpName = "PREFIX",
        };
        Option<string?> shared = new("--shared-types")
        {
            Description = "Take Fd, IoctlResult and what else all sets show from a package: HvBindgen.Abi.",
            HelpName = "NAMESPACE",
        };
        Option<bool> force = new("--force") { Description = "Replace a configuration that is there." };
        Command command = new("init", "Starts a configuration for other headers, or adds headers to one; ready for: hvbindgen generate")
        {
            folder, headers, @namespace, name, include, targets, own, define, block, @internal, strip, rename, attribute, oneFile, prefix,
            shared, language, force,
        };
        command.Needs(static _ => false, "the configuration is in DIR, and is called hvbindgen.json.", globals.Configuration);
        command.SetAction(parsed =>
        {
            StarterConfiguration starter = new(
                parsed.GetValue(name) ?? "",
                [.. parsed.GetValue(headers)!.Select(header => header.StartsWith("./", StringComparison.Ordinal) ? header[2..] : header)],
                parsed.GetValue(@namespace) ?? "",
                [.. (parsed.GetValue(include) ?? []).Select(Path.GetFullPath)],
                [.. (parsed.GetValue(targets) ?? []).Select(BindingConfiguration.RequireTarget).Select(target => target.Name)])
            {
                Own = parsed.GetValue(own) ?? [],
                Defines = parsed.GetValue(define) ?? [],
                Block = parsed.GetValue(block) ?? [],
                CSharp = new CSharpChoices
                {
                    IsInternal = parsed.GetValue(@internal),
                    IsOneFile = parsed.GetValue(oneFile),
                    Language = parsed.GetValue(language),
                    ClassPrefix = parsed.GetValue(prefix),
                    SharedTypes = parsed.GetValue(shared),
                    StripPrefixes = parsed.GetValue(strip) ?? [],
                    Renames = CSharpChoices.Pairs("--rename", parsed.GetValue(rename) ?? []),
                    Attributes = CSharpChoices.Pairs("--attribute", parsed.GetValue(attribute) ?? []),
                },
            };
            Terminal terminal = new(parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            string path = Path.Combine(Path.GetFullPath(parsed.GetValue(folder)!), BindingConfiguration.FileName);
            (string text, IReadOnlyList<string> paths) = File.Exists(path) && !parsed.GetValue(force)
                ? Extend(path, starter)
                : Start(path, starter);
            Write(path, text, paths, terminal);
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

    private static (string Text, IReadOnlyList<string> IncludePaths) Start(string path, StarterConfiguration starter)
    {
        RequireNamespace(starter);
        StarterConfiguration complete = Complete(starter);
        complete.Check();
        ConfigurationText text = new(System.Text.Encoding.UTF8.GetBytes(complete.ToJson(SchemaName, path)));
        return (Checked(path, text), complete.IncludePaths);
    }

    // With a namespace it is a new set, else a set that is there gets the headers.
    private static (string Text, IReadOnlyList<string> IncludePaths) Extend(string path, StarterConfiguration starter)
    {
        BindingConfiguration configuration = BindingConfiguration.Read(path, Anywhere(path));
        ConfigurationText text = new(FileContent.Read(path, BindingConfiguration.MostBytes));
        if (starter.Namespace.Length > 0)
        {
            StarterConfiguration complete = Complete(starter) with { First = configuration.Sets[0] };
            if (configuration.Sets.Any(set => set.Name == complete.Set))
            {
                throw new ConfigurationException(
                    $"{path} has a set {complete.Set} already",
                    "Leave --namespace out to add the headers to it, choose another --name, or replace the file with --force.");
            }

            complete.Check();
            return (Checked(path, text.Append("sets", complete.SetToJson(path))), complete.IncludePaths);
        }

        if (starter.Set.Length == 0 && configuration.Sets.Count > 1)
        {
            throw new ConfigurationException(
                $"{path} has several sets: {string.Join(", ", configuration.Sets.Select(set => set.Name))}",
                "Say with --name to which the headers belong, or with --namespace that they are a new set.");
        }

        BindingSet chosen = starter.Set.Length == 0 ? configuration.Sets[0] : configuration.Select([starter.Set])[0];
        StarterConfiguration longer = (starter with
        {
            IncludePaths = [.. chosen.IncludePaths, .. starter.IncludePaths.Except(chosen.IncludePaths)],
            Targets = [.. chosen.Targets.Select(target => target.Name).Union(starter.Targets)],
        }).WithCurrentFolder();
        longer.Check();
        return (
            Checked(path, Added(text, path, $"sets[{configuration.Sets.ToList().IndexOf(chosen)}]", chosen, longer)),
            longer.IncludePaths);
    }

    private static ConfigurationText Added(
        ConfigurationText text, string path, string set, BindingSet chosen, StarterConfiguration longer)
    {
        string[] headers = [.. longer.Headers.Except(chosen.Headers)];
        IReadOnlyList<string> own = longer.Own.Count > 0 || !text.Has($"{set}.own") ? longer.Own : headers;
        IEnumerable<string> folders = longer.IncludePaths.Except(chosen.IncludePaths)
            .Select(folder => StarterConfiguration.Written(folder, path));
        foreach ((string key, IEnumerable<string> values) in (ReadOnlySpan<(string, IEnumerable<string>)>)[
            ("headers", headers), ("own", own), ("includePaths", folders), ("defines", longer.Defines), ("block", longer.Block)])
        {
            foreach (string value in values)
            {
                text = text.AppendOrAdd(set, key, ConfigurationText.Quoted(value));
            }
        }

        // Where the set has no targets of its own, those of the file are other sets' too.
        if (longer.Targets.Count > chosen.Targets.Count)
        {
            foreach (string target in text.Has($"{set}.targets") ? longer.Targets.Skip(chosen.Targets.Count) : longer.Targets)
            {
                text = text.AppendOrAdd(set, "targets", ConfigurationText.Quoted(target));
            }
        }

        return longer.CSharp.AddTo(text, $"{set}.csharp");
    }

    // What is written must be a configuration; nobody is to find out at the next command.
    private static string Checked(string path, ConfigurationText text)
    {
        BindingConfiguration.Read(path, text.Content, Anywhere(path));
        return System.Text.Encoding.UTF8.GetString(text.Content);
    }

    // Nothing that the file names is read or written here: what follows says whether it may be.
    private static PathBounds Anywhere(string path) => PathBounds.Around(path, ["/"]);

    // A new set, with all that the command line left open.
    private static StarterConfiguration Complete(StarterConfiguration starter) => (starter with
    {
        Set = starter.Set.Length > 0 ? starter.Set : Path.GetFileNameWithoutExtension(starter.Headers[0]).Replace('.', '_'),
        IncludePaths = starter.IncludePaths.Count > 0 ? starter.IncludePaths : StarterConfiguration.DistributionFolders,
        Targets = starter.Targets.Count > 0 ? starter.Targets : [ThisMachine()],
    }).WithCurrentFolder();

    private static void RequireNamespace(StarterConfiguration starter)
    {
        if (starter.Namespace.Length == 0)
        {
            throw new ConfigurationException(
                "there is no configuration yet, and a new one needs a namespace", "Give it with: --namespace NAME");
        }
    }

    private static void Write(string path, string text, IReadOnlyList<string> includePaths, Terminal terminal)
    {
        string folder = Path.GetDirectoryName(path)!;
        OutputPlan plan = new();
        plan.Add(folder, BindingConfiguration.FileName, text);
        plan.Add(folder, SchemaName, ReadSchema());
        plan.Commit();

        // Only the user's own command line leads out of the repository.
        PathBounds bounds = PathBounds.Around(path);
        string allow = string.Concat(
            includePaths.Where(include => !bounds.MayRead(include)).Select(
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
