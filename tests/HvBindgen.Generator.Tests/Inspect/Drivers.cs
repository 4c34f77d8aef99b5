using HvBindgen.Generator.Inspect;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Tests.Parsing;

namespace HvBindgen.Generator.Tests.Inspect;

/// <summary>Two drivers whose requests have one type: what a number means depends on the driver and on the kind of descriptor.</summary>
internal static class Drivers
{
    private const string Mixer = """
        #include <linux/types.h>
        #include <linux/ioctl.h>
        struct mixer_new { __u64 flags; __u64 channels; };
        struct mixer_new_v2 { __u64 flags; __u64 channels; __u64 features[6]; };
        struct mixer_call { __u16 code; __u16 status; __u32 length; __u64 in; __u64 out; __u64 reserved; };
        struct mixer_levels { __u8 channel[256]; };
        struct mixer_range { __u32 first; __u32 last; };
        #define MIXER_NEW _IOW(0xb8, 0x00, struct mixer_new)
        #define MIXER_START _IO(0xb8, 0x00)
        #define MIXER_LEVELS _IOR(0xb8, 0x00, struct mixer_levels)
        #define MIXER_MUTE _IOW(0xb8, 0x05, struct mixer_range)
        #define MIXER_CALL _IOWR(0xb8, 0x07, struct mixer_call)

        """;

    private const string Lamp = """
        #include <linux/types.h>
        #include <linux/ioctl.h>
        struct lamp_colour { __u16 red, green, blue, spare; };
        #define LAMP_COLOUR _IOW(0xb8, 0x05, struct lamp_colour)
        #define LAMP_OFF _IO(0xb8, 0x06)

        """;

    /// <summary>Both sets, for x86_64.</summary>
    internal static IReadOnlyList<InspectedSet> Sets { get; } =
    [
        Set(
            "mixer", Mixer,
            new Dictionary<string, IReadOnlyList<string>>
            {
                ["device"] = ["MIXER_NEW", "MIXER_CALL"],
                ["channel"] = ["MIXER_START", "MIXER_LEVELS", "MIXER_MUTE", "MIXER_CALL"],
            },
            new InspectOptions("My.Mixer")
            {
                AlternateArguments = new Dictionary<string,
                IReadOnlyList<AbiType>> { ["MIXER_NEW"] = [AbiTypeText.Read("struct mixer_new_v2")] },
            }),
        Set(
            "lamp", Lamp, new Dictionary<string, IReadOnlyList<string>> { ["lamp"] = ["LAMP_COLOUR", "LAMP_OFF"] },
            new InspectOptions("My.Lamp")),
    ];

    private static InspectedSet Set(
        string name, string header, Dictionary<string, IReadOnlyList<string>> descriptors, InspectOptions options)
    {
        AbiModel[] models =
        [
            FixtureHeaders.ParseText(header, change: request => request with { Set = name, Descriptors = descriptors }).Model,
        ];
        return new InspectedSet(options, models, models);
    }
}
