using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Tests.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

/// <summary>
/// Bindings of a fixture header, made as the tool makes them: parsed by clang, emitted, compiled, loaded, and their layout
/// compared with clang's.
/// </summary>
internal sealed class Bindings
{
    internal const string Namespace = "Fixture";

    private Bindings(string declarations, int facts, object? result, IReadOnlyList<ParsedHeaders> parsed)
    {
        Declarations = declarations;
        Facts = facts;
        Result = result;
        Parsed = parsed;
    }

    /// <summary>The C# of the header's own declarations, without the files that all sets share.</summary>
    internal string Declarations { get; }

    /// <summary>Number of sizes, offsets and bits that were compared.</summary>
    internal int Facts { get; }

    /// <summary>What the consumer's code returned.</summary>
    internal object? Result { get; }

    /// <summary>What was parsed, one for each target.</summary>
    internal IReadOnlyList<ParsedHeaders> Parsed { get; }

    /// <summary>Makes bindings of one fixture.</summary>
    /// <param name="header">File in <c>Fixtures/Headers</c>.</param>
    /// <param name="use">Body of a C# method that uses the bindings and returns something; its helpers are <see cref="Consumer"/>.</param>
    /// <param name="members">Further members of the class around that method.</param>
    /// <param name="targets">Targets; x86_64 when none is named.</param>
    /// <param name="parse">Changes to the request.</param>
    /// <param name="emit">Changes to the options.</param>
    internal static Bindings Of(
        string header,
        string? use = null,
        string members = "",
        string[]? targets = null,
        Func<ParseRequest, ParseRequest>? parse = null,
        Func<EmitOptions, EmitOptions>? emit = null)
    {
        return Of(
        [
            .. (targets ?? ["x86_64"]).Select(target => FixtureHeaders.Request(header, target))
                .Select(request => FixtureHeaders.Parse(parse is null ? request : parse(request))),
        ], use, members, emit);
    }

    /// <summary>Makes bindings of a header that a test writes itself.</summary>
    internal static Bindings OfText(string header, string target) => Of([FixtureHeaders.ParseText(header, target)]);

    /// <summary>Makes bindings of what a test has parsed, and uses them.</summary>
    internal static Bindings OfParsed(ParsedHeaders parsed, string use, string members) => Of([parsed], use, members);

    /// <summary>The model of a header that a test writes itself.</summary>
    internal static AbiModel ParseText(string header, string target) => FixtureHeaders.ParseText(header, target).Model;

    private static Bindings Of(
        ParsedHeaders[] parsed, string? use = null, string members = "", Func<EmitOptions, EmitOptions>? emit = null)
    {
        EmitOptions options = new(Namespace, "test");
        options = emit is null ? options : emit(options);
        IReadOnlyList<EmittedFile> files = CSharpEmitter.Emit(
            MergedModel.Merge([.. parsed.Select(headers => headers.Model)]), options);
        byte[] image = CSharpCompiler.Compile(
            files, use is null ? null : Consumer(use, members, options.Language), options.Language);
        if (!IsThisMachine(parsed))
        {
            return new Bindings(DeclarationsOf(files), 0, null, parsed);
        }

        (int facts, object? result) = Run(image, hasConsumer: use is not null);

        bool hasRecords = parsed.Any(headers => ((IEnumerable<AbiRecord>)headers.Model.Records).Any(record => record.SizeBytes > 0));
        Assert.True(facts > 0 || !hasRecords, "the layout table has no facts");
        return new Bindings(DeclarationsOf(files), facts, result, parsed);
    }

    // Sources with pointers of another width compile here, and cannot be tried.
    private static bool IsThisMachine(ParsedHeaders[] parsed) => parsed.All(headers => headers.Model.Target.PointerBytes == IntPtr.Size);

    // The context goes with its last use, and the assembly with it.
    private static (int Facts, object? Result) Run(byte[] image, bool hasConsumer)
    {
        AssemblyLoadContext context = new("fixture", isCollectible: true);
        try
        {
            using MemoryStream stream = new(image);
            Assembly assembly = context.LoadFromStream(stream);
            object?[] arguments = [0];
            MethodInfo check = assembly.GetType($"{Namespace}.AbiLayout", throwOnError: true)!.GetMethod("FindMismatches")!;
            Assert.Empty((IReadOnlyList<string>)check.Invoke(null, arguments)!);
            object? result = hasConsumer ? assembly.GetType($"{Namespace}.Consumer")!.GetMethod("Use")!.Invoke(null, null) : null;
            return ((int)arguments[0]!, result);
        }
        finally
        {
            context.Unload();
        }
    }

    // Bytes(x) gives a record's bytes as hexadecimal; Refused(...) whether a setter refused its value.
    private static string Consumer(string body, string members, CSharpLanguage language) =>
        $$"""
        using System;
        using System.Linq;
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;
        using System.Text;

        namespace {{Namespace}};

        public static {{(language == CSharpLanguage.CSharp14 ? "unsafe " : "")}}class Consumer
        {
            public static object? Use()
            {
        {{body}}
            }

            private static string Bytes<T>(in T record) where T : unmanaged =>
                Convert.ToHexString(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in record)));

            private static bool Refused(Action set)
            {
                try
                {
                    set();
                    return false;
                }
                catch (ArgumentOutOfRangeException)
                {
                    return true;
                }
            }

        {{members}}
        }
        """;

    private static string DeclarationsOf(IReadOnlyList<EmittedFile> files)
    {
        StringBuilder text = new();
        foreach (EmittedFile file in files)
        {
            if (!file.Path.StartsWith("Support/", StringComparison.Ordinal))
            {
                // The checks of the layout stand behind the records; every test runs them, and none reads them.
                int start = file.Text.IndexOf("\nnamespace ", StringComparison.Ordinal) + 1;
                int checks = Math.Max(
                    file.Text.IndexOf("\ninternal static unsafe partial class LayoutTable\n", StringComparison.Ordinal),
                    file.Text.IndexOf("\ninternal static partial class LayoutTable\n", StringComparison.Ordinal));
                text.Append(text.Length > 0 ? "\n" : "").Append("// ").Append(file.Path).Append('\n')
                    .Append(file.Text.AsSpan(start..(checks < 0 ? file.Text.Length : checks)));
            }
        }

        return text.ToString();
    }
}
