using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Inspect;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Snapshots;
using HvBindgen.Generator.Tests.Parsing;

namespace HvBindgen.Generator.Tests.Inspect;

/// <summary>Sets to look at: the committed ones, and one of a header that shows every way to lay members out.</summary>
internal static class Sets
{
    public const string Header = """
        typedef unsigned int u32;
        typedef unsigned long size;
        enum shape_kind { SHAPE_NONE, SHAPE_ROUND = 5, SHAPE_WIDE = 0x80000000 };
        struct shape_part { unsigned char id; unsigned short weight; };
        struct shape {
            unsigned char tag;
            size length;
            unsigned int low : 3, : 2, high : 4;
            union { u32 whole; struct { u32 first : 12; u32 second : 20; }; };
            struct shape_part parts[3];
            enum shape_kind kind;
            void (*done)(struct shape *);
            unsigned char bytes[40];
            struct shape_part rest[];
        };
        struct shape_message {
            u32 kind; unsigned char size; unsigned char flags; unsigned short spare; union { unsigned char raw[24]; } body; };
        enum message_kind { MESSAGE_PART = 7, MESSAGE_TEXT = 9, MESSAGE_EMPTY = 11 };
        struct part_message {
            struct shape_part part; signed char change; unsigned char pad; int colour : 4; unsigned ready : 1, late : 1; double scale; };
        #define COLOUR_RED (-2)
        #define COLOUR_BLUE 3
        #define SHAPE_MASK 0xff0000f0u
        #define SHAPE_NAME "shape"

        """;

    public static InspectOptions Options { get; } = new("My.Shapes")
    {
        Messages = new MessageOptions("struct shape_message", "kind", "size", "body.raw", "enum message_kind")
        {
            Payloads = new Dictionary<string, IReadOnlyDictionary<string, string>>
            {
                ["x86_64"] = new Dictionary<string, string> { ["MESSAGE_PART"] = "struct part_message", ["MESSAGE_TEXT"] = "struct gone" },
                ["s390x"] = new Dictionary<string, string> { ["MESSAGE_PART"] = "struct part_message" },
            },
        },
        Values = new Dictionary<string, string>
        {
            ["struct shape_message.kind"] = "enum message_kind",
            ["struct part_message.colour"] = "COLOUR_*",
        },
    };

    /// <summary>The header's set on some targets.</summary>
    public static InspectedSet Shapes(params string[] targets)
    {
        AbiModel[] models = [.. targets.Select(target => FixtureHeaders.ParseText(Header, target).Model)];
        return new InspectedSet(Options, models, models);
    }

    /// <summary>The sets of the committed configuration, from their snapshots.</summary>
    public static IReadOnlyList<InspectedSet> Committed { get; } = ReadCommitted();

    public static string ConfigurationPath => Path.Combine(Repository.Root, "headers/hvbindgen.json");

    private static InspectedSet[] ReadCommitted() =>
    [
        .. BindingConfiguration.Read(ConfigurationPath).Sets.Select(set =>
        {
            AbiModel[] models =
                [.. set.Targets.Select(target => Path.Combine(set.SnapshotPath, SnapshotFormat.FileName(set.Name, target.Name)))
                .Select(path => SnapshotReader.Read(File.ReadAllBytes(path), path))];
            return new InspectedSet(set.ToInspectOptions(), models, models);
        }),
    ];
}
