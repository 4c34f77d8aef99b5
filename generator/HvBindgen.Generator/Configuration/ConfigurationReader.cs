using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Files;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;

namespace HvBindgen.Generator.Configuration;

/// <summary>Turns the keys of a configuration into sets: completes paths, fills in what is left out, checks names.</summary>
internal sealed class ConfigurationReader(ConfigurationSource source, PathBounds bounds)
{
    private const string Outside = "Keep it inside the repository, or allow the folder with --allow-path or in the environment variable "
        + PathBounds.EnvironmentVariable + ".";

    private readonly string folder = Path.GetDirectoryName(Path.GetFullPath(source.Path))!;

    internal BindingConfiguration Read(ConfigurationDocument document)
    {
        if (document.Sets.Count == 0)
        {
            throw source.FaultAt("sets", "there is no set", "Add one, or start a configuration with: hvbindgen init");
        }

        HashSet<string> names = new(StringComparer.Ordinal);
        List<BindingSet> sets = [];
        for (int index = 0; index < document.Sets.Count; index++)
        {
            SetDocument set = document.Sets[index];
            string at = $"sets[{index}]";
            if (!names.Add(set.Name))
            {
                throw source.FaultAt($"{at}.name", $"two sets are named \"{set.Name}\"", "Rename one of them.");
            }

            BindingSet read = ReadSet(document, set, at);
            RequireTogether(sets, read, at);
            sets.Add(read);
        }

        return new BindingConfiguration(
            source.Path,
            Readable(document.Sources ?? "sources.json", "sources"),
            Writable(document.Lock ?? "headers.lock.json", "lock"),
            ReadTree(document.Tree ?? "downloaded"),
            sets)
        {
            Bounds = bounds,
        };
    }

    // What lies in this folder is replaced as a whole.
    private string ReadTree(string path)
    {
        string tree = Writable(path, "tree");
        string real = RealPath.Of(tree);
        Require(
            !RealPath.IsWithin(RealPath.Of(folder), real) && !RealPath.IsWithin(bounds.Root, real), "tree",
            $"\"{path}\" holds more than fetched headers", "Name a folder of its own: all that it holds is replaced.");
        return tree;
    }

    private BindingSet ReadSet(ConfigurationDocument configuration, SetDocument set, string at)
    {
        // The name becomes part of file names.
        Require(IsFileName(set.Name), $"{at}.name", $"\"{set.Name}\" is no name for files", "Use letters, digits, '-' and '_'.");
        Require(set.Headers.Count > 0, $"{at}.headers", "no header is listed", "List at least one, as an #include names it.");
        for (int index = 0; index < set.Headers.Count; index++)
        {
            string header = set.Headers[index];
            Require(
                IsHeader(header),
                $"{at}.headers[{index}]",
                $"\"{VisibleText.Of(header)}\" is no name of a header",
                "Write it as an #include does, without '..', quotes and brackets.");
        }

        CSharpDocument document = set.Csharp ?? Unwritten(set.Name);
        CSharpSettings csharp = CSharpSettings.Read(source, document, $"{at}.csharp");
        return new BindingSet(set.Name, set.Headers)
        {
            Bounds = bounds,
            Own = set.Own ?? set.Headers,
            OwnsQuotedIncludes = set.Own is null,
            IncludePaths = [.. set.IncludePaths.Select((path, index) => Readable(path, $"{at}.includePaths[{index}]"))],
            Targets = ReadTargets(configuration, set, at),
            Defines = set.Defines ?? [],
            TargetDefines = Lists(ByTarget(set.TargetDefines ?? [], $"{at}.targetDefines")),
            Allow = set.Allow ?? [],
            Flags = ReadFlags(set.Flags ?? [], $"{at}.flags"),
            Opaque = set.Opaque ?? [],
            Block = set.Block ?? [],
            EnumContinuation = set.EnumContinuation,
            Descriptors = Lists(set.Descriptors),
            DefaultDescriptor = set.DefaultDescriptor,
            AlternateArguments = ReadAlternateArguments(set, at),
            IoctlUses = ReadIoctlUses(set, at),
            NumberRequests = set.NumberRequests ?? [],
            Calls = ReadCalls(set.Calls, at),
            Messages = ReadMessages(set.Messages, at),
            Requests = ReadRequests(set.Requests, $"{at}.requests"),
            Values = set.Values ?? [],
            Policies = ReadPolicies(set, at),
            EndMarkers = set.EndMarkers ?? [],
            Namespace = csharp.Namespace,
            ConstantsClass = csharp.ConstantsClass,
            ClassPrefix = csharp.ClassPrefix,
            SupportNamespace = csharp.SupportNamespace,
            SharedNamespace = csharp.SharedNamespace,
            Language = csharp.Language,
            IsInternal = csharp.IsInternal,
            IsOneFile = csharp.IsOneFile,
            Names = csharp.Names,
            Attributes = csharp.Attributes,
            OutputPath = set.Csharp is null ? "" : Writable(document.Output, $"{at}.csharp.output"),
            SnapshotPath = Writable(
                set.Snapshots ?? configuration.Snapshots ?? "abi", set.Snapshots is null ? "snapshots" : $"{at}.snapshots"),
        };
    }

    // Whoever only compares needs no C#; where it is looked at all the same, as by verify, each set is by itself.
    private static CSharpDocument Unwritten(string set) => new()
    {
        Namespace = $"Bindings.{(char.IsAsciiDigit(set[0]) || CSharpSettings.IsKeyword(set) ? "_" : "")}{set.Replace('-', '_')}",
        Output = "",
    };

    // What a repository says must not make the compiler do anything.
    private List<string> ReadFlags(List<string> flags, string at)
    {
        for (int index = 0; index < flags.Count; index++)
        {
            Require(
                CompilerFlags.IsKnown(flags[index]), $"{at}[{index}]", $"\"{VisibleText.Of(flags[index])}\" is no flag that a set may have",
                CompilerFlags.Known);
        }

        return flags;
    }

    // Sets with one support code are one assembly's, and what they need is written once.
    private void RequireTogether(List<BindingSet> before, BindingSet set, string at)
    {
        foreach (BindingSet other in before)
        {
            Require(
                other.OutputPath != set.OutputPath || !set.WritesCSharp,
                $"{at}.csharp.output",
                $"the sets {other.Name} and {set.Name} write to one folder",
                "Give each a folder of its own.");
            Require(
                other.SupportNamespace != set.SupportNamespace || other.SharedNamespace == set.SharedNamespace,
                $"{at}.csharp",
                $"the sets {other.Name} and {set.Name} share the support code in {set.SupportNamespace}, and differ in sharedTypes",
                "Give both the same, or each a namespace of its own in \"support\".");
            Require(
                other.SupportNamespace != set.SupportNamespace || other.Language == set.Language,
                $"{at}.csharp",
                $"the sets {other.Name} and {set.Name} share the support code in {set.SupportNamespace}, and differ in language",
                "Give both the same: they are in one project.");
        }
    }

    private List<TargetInfo> ReadTargets(ConfigurationDocument document, SetDocument set, string at)
    {
        (List<string> names, string place) = set.Targets is { } own ? (own, $"{at}.targets")
            : document.Targets is { } all ? (all, "targets")
            : (["x86_64", "arm64"], "");
        Require(names.Count > 0, place, "no target is listed", BindingConfiguration.KnownTargets);
        List<TargetInfo> targets = [];
        for (int index = 0; index < names.Count; index++)
        {
            TargetInfo target = TargetInfo.Find(names[index])
                ?? throw source.FaultAt(
                    $"{place}[{index}]", BindingConfiguration.UnknownTarget(names[index]), BindingConfiguration.KnownTargets);
            Require(!targets.Contains(target), $"{place}[{index}]", $"target \"{names[index]}\" is listed twice", "Remove one of them.");
            targets.Add(target);
        }

        return targets;
    }

    private Dictionary<string, IReadOnlyList<AbiType>> ReadAlternateArguments(SetDocument set, string at)
    {
        Dictionary<string, IReadOnlyList<AbiType>> arguments = new(StringComparer.Ordinal);
        foreach ((string request, List<string> spellings) in set.AlternateArguments ?? [])
        {
            List<AbiType> types = [];
            for (int index = 0; index < spellings.Count; index++)
            {
                try
                {
                    types.Add(AbiTypeText.Read(spellings[index]));
                }
                catch (FormatException fault)
                {
                    throw source.FaultAt(
                        $"{at}.alternateArguments.{request}[{index}]", fault.Message,
                        "Write the type as C does, for example \"struct foo\".");
                }
            }

            arguments.Add(request, types);
        }

        return arguments;
    }

    private IoctlUses ReadIoctlUses(SetDocument set, string at)
    {
        Dictionary<string, IoctlUse> uses = new(StringComparer.Ordinal);
        foreach ((string request, string use) in set.Ioctls ?? [])
        {
            try
            {
                uses.Add(request, IoctlUse.Read(use, "the configuration"));
            }
            catch (FormatException fault)
            {
                throw source.FaultAt($"{at}.ioctls.{request}", fault.Message, $"Write {IoctlUse.Words}, for example \"ref struct foo\".");
            }
        }

        return new IoctlUses(uses, static () => MisdeclaredRequests.ByName);
    }

    private List<PolicyRule> ReadPolicies(SetDocument set, string at)
    {
        List<PolicyRule> rules = [];
        foreach ((string word, List<string> patterns) in set.Policies ?? [])
        {
            DiffPolicy policy = DiffPolicies.Find(word)
                ?? throw source.FaultAt($"{at}.policies.{word}:key", $"unknown policy \"{word}\"", DiffPolicies.Known);
            rules.AddRange(patterns.Select(pattern => new PolicyRule(pattern, policy)));
        }

        return rules;
    }

    private CallOptions? ReadCalls(CallsDocument? calls, string at)
    {
        if (calls is null)
        {
            return null;
        }

        RequireIdentifier(calls.Class, $"{at}.calls.class");
        return new CallOptions(calls.Class, calls.CodePrefix, calls.InputPrefix, calls.OutputPrefix)
        {
            Pairs = (calls.Pairs ?? []).ToDictionary(pair => pair.Key, pair => (pair.Value.Input, pair.Value.Output ?? "")),
        };
    }

    private MessageOptions? ReadMessages(MessagesDocument? messages, string at)
    {
        if (messages is null)
        {
            return null;
        }

        if (messages.Class is { } name)
        {
            RequireIdentifier(name, $"{at}.messages.class");
        }

        return new MessageOptions(messages.Record, messages.Type, messages.Size, messages.Payload, messages.Types)
        {
            Class = messages.Class,
            Headers = ByTarget(messages.Headers ?? [], $"{at}.messages.headers"),
            Payloads = ByTarget(messages.Payloads, $"{at}.messages.payloads")
                .ToDictionary(pair => pair.Key, pair => (IReadOnlyDictionary<string, string>)pair.Value),
        };
    }

    private RequestOptions? ReadRequests(RequestsDocument? requests, string at)
    {
        if (requests is null)
        {
            return null;
        }

        RequireIdentifier(requests.Class, $"{at}.class");
        return new RequestOptions(requests.Class)
        {
            Nodes = requests.Nodes ?? [],
            Arguments = requests.Arguments.ToDictionary(pair => pair.Key, pair => ReadRequest(pair.Value, $"{at}.arguments.{pair.Key}")),
        };
    }

    private RequestFacts ReadRequest(RequestDocument request, string at)
    {
        Require(
            request.Refuses is null or "ones",
            $"{at}.refuses",
            $"\"{request.Refuses}\" is no argument to try",
            "Write \"ones\", or leave the key out.");
        for (int index = 0; index < request.Memory?.Count; index++)
        {
            string use = request.Memory[index].Use;
            Require(
                use is "read" or "write" or "readwrite" or "keep", $"{at}.memory[{index}].use",
                $"\"{use}\" is nothing that the kernel does with memory", "Write read, write, readwrite or keep.");
        }

        return new RequestFacts
        {
            Creates = request.Creates,
            Memory =
            [
                .. (request.Memory ?? []).Select(memory => new MemoryFacts(memory.Pointer, memory.Size, memory.Use, memory.Unit ?? "byte")),
            ],
            Descriptors = request.Descriptors ?? [],
            Elements = request.Elements is { } elements ? (elements.Array, elements.Count) : null,
            Longer = request.Longer is { } longer ? new LongerFacts(longer.Record, longer.Flags, longer.Bit, longer.Known) : null,
            RefusesOnes = request.Refuses is not null,
        };
    }

    private Dictionary<string, T> ByTarget<T>(Dictionary<string, T> named, string at)
    {
        Dictionary<string, T> result = new(StringComparer.Ordinal);
        foreach ((string name, T value) in named)
        {
            TargetInfo target = TargetInfo.Find(name)
                ?? throw source.FaultAt($"{at}.{name}:key", BindingConfiguration.UnknownTarget(name), BindingConfiguration.KnownTargets);
            result[target.Name] = value;
        }

        return result;
    }

    private string Readable(string path, string jsonPath) => Within(path, jsonPath, bounds.MayRead);

    private string Writable(string path, string jsonPath) => Within(path, jsonPath, bounds.MayWrite);

    private string Within(string path, string jsonPath, Func<string, bool> isAllowed)
    {
        try
        {
            string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(folder, path)));
            Require(isAllowed(full), jsonPath, $"\"{path}\" leads out of {bounds.Root}", Outside);
            return full;
        }
        catch (Exception fault) when (fault is ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw source.FaultAt(jsonPath, $"\"{path}\" is no path: {fault.Message}", Outside);
        }
    }

    private void RequireIdentifier(string name, string jsonPath) =>
        Require(CSharpSettings.IsIdentifier(name), jsonPath, $"\"{name}\" is no C# identifier", "Use letters, digits and '_'.");

    private void Require(bool condition, string jsonPath, string message, string remedy)
    {
        if (!condition)
        {
            throw source.FaultAt(jsonPath, message, remedy);
        }
    }

    private static Dictionary<string, IReadOnlyList<string>> Lists(Dictionary<string, List<string>>? lists) =>
        (lists ?? []).ToDictionary(list => list.Key, list => (IReadOnlyList<string>)list.Value);

    private static bool IsFileName(string name) =>
        name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');

    private static bool IsHeader(string name) =>
        name.Length > 0 && name.All(letter => !VisibleText.IsHidden(letter) && letter is not ('"' or '<' or '>' or '\\'))
        && name.Split('/').All(segment => segment is not ("" or ".."));
}
