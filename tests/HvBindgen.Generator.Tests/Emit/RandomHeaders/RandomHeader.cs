using System.Globalization;
using System.Text;

namespace HvBindgen.Generator.Tests.Emit.RandomHeaders;

/// <summary>
/// A header of records that C allows and nobody writes: packed, aligned, nested, of bit-fields, vectors and 128-bit numbers.
/// </summary>
internal sealed class RandomHeader
{
    private const int Records = 4;
    private const int MaxMembers = 7;
    private const int MaxDepth = 2;

    private static readonly string[] Integers =
    [
        "char", "signed char", "unsigned char", "short", "unsigned short", "int", "unsigned int", "long", "unsigned long", "long long",
        "unsigned long long", "_Bool",
    ];

    private static readonly string[] Others = ["float", "double", "void *", "char *const *", "int (*", "_Atomic int"];

    // clang and gcc have them on 64-bit machines; C# has bytes for most.
    private static readonly string[] Wide =
    [
        "__int128", "unsigned __int128", "long double", "_Complex double", "_Complex float", "float __attribute__((vector_size(16)))",
        "int __attribute__((vector_size(8)))",
    ];

    private static readonly (string Type, int Bits)[] BitTypes =
    [
        ("char", 8), ("signed char", 8), ("unsigned char", 8), ("short", 16), ("unsigned short", 16), ("int", 32), ("unsigned int", 32),
        ("long long", 64), ("unsigned long long", 64), ("_Bool", 1), ("__int128", 128), ("unsigned __int128", 128),
    ];

    private readonly Random random;
    private readonly string prefix;
    private readonly bool isWide;
    private readonly StringBuilder text = new();
    private readonly List<string> embeddable = [];
    private int members;

    private RandomHeader(int seed, int index, bool isWide)
    {
        // With a seed the numbers are the same with every version of .NET.
        random = new Random(HashOf(seed, index));
        prefix = string.Create(CultureInfo.InvariantCulture, $"r{index}");
        this.isWide = isWide;
    }

    /// <summary>The text of one header, the same for the same numbers.</summary>
    /// <param name="seed">Seed of all headers of a run.</param>
    /// <param name="index">Number of the header; part of every name in it.</param>
    /// <param name="isWide">Whether the machine has 128-bit numbers.</param>
    internal static string Write(int seed, int index, bool isWide)
    {
        RandomHeader header = new(seed, index, isWide);
        for (int record = 0; record < Records; record++)
        {
            header.WriteRecord(string.Create(CultureInfo.InvariantCulture, $"{header.prefix}_{record}"));
        }

        return header.text.ToString();
    }

    private static int HashOf(int seed, int index) => unchecked((seed * 31) + (index * 7919));

    private bool OneIn(int count) => random.Next(count) == 0;

    private string OneOf(string[] words) => words[random.Next(words.Length)];

    private void WriteRecord(string name)
    {
        bool isUnion = OneIn(4);
        bool isPragma = OneIn(8);
        if (isPragma)
        {
            text.Append(CultureInfo.InvariantCulture, $"#pragma pack(push, {1 << random.Next(4)})\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{(isUnion ? "union" : "struct")} {name} {{\n");
        WriteMembers(0);
        bool isFlexible = !isUnion && OneIn(6);
        if (isFlexible)
        {
            text.Append("\tint first;\n\t").Append(OneOf(Integers)).Append(CultureInfo.InvariantCulture, $" tail[];\n");
        }

        text.Append('}').Append(Attributes()).Append(";\n");
        if (isPragma)
        {
            text.Append("#pragma pack(pop)\n");
        }

        if (!isFlexible)
        {
            embeddable.Add($"{(isUnion ? "union" : "struct")} {name}");
        }
    }

    private string Attributes()
    {
        string attributes = OneIn(3) ? " __attribute__((packed))" : "";
        return OneIn(6) ? $"{attributes} __attribute__((aligned({1 << random.Next(6)})))" : attributes;
    }

    private void WriteMembers(int depth)
    {
        int count = 1 + random.Next(MaxMembers);
        for (int member = 0; member < count; member++)
        {
            text.Append('\t', depth + 1);
            WriteMember(depth);
        }
    }

    private void WriteMember(int depth)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"m{members++}");
        switch (random.Next(10))
        {
            case < 4:
                WriteBitField(name);
                break;
            case 4 when depth < MaxDepth:
                text.Append(OneIn(2) ? "union {\n" : "struct {\n");
                WriteMembers(depth + 1);
                text.Append('\t', depth + 1).Append('}').Append(OneIn(3) ? " __attribute__((packed))" : "")
                    .Append(OneIn(2) ? ";\n" : $" {name};\n");
                break;
            case 5 when embeddable.Count > 0:
                text.Append(embeddable[random.Next(embeddable.Count)]).Append(CultureInfo.InvariantCulture, $" {name}{Dimensions()};\n");
                break;
            case 6 when isWide:
                text.Append(OneOf(Wide)).Append(CultureInfo.InvariantCulture, $" {name}{Dimensions()}{MemberAttribute()};\n");
                break;
            case 7:
                string other = OneOf(Others);
                text.Append(other == "int (*" ? $"int (*{name}{Dimensions()})(const char *, int);\n" : $"{other} {name}{Dimensions()};\n");
                break;
            default:
                text.Append(OneOf(Integers)).Append(CultureInfo.InvariantCulture, $" {name}{Dimensions()}{MemberAttribute()};\n");
                break;
        }
    }

    private void WriteBitField(string name)
    {
        (string type, int bits) = BitTypes[random.Next(isWide ? BitTypes.Length : BitTypes.Length - 2)];
        text.Append(OneIn(10) ? $"{type} : {random.Next(bits + 1)};\n" : $"{type} {name} : {1 + random.Next(bits)};\n");
    }

    private string Dimensions() => random.Next(6) switch
    {
        0 => $"[{1 + random.Next(5)}]",
        1 => $"[{1 + random.Next(3)}][{1 + random.Next(3)}]",
        _ => "",
    };

    private string MemberAttribute() => random.Next(12) switch
    {
        0 => " __attribute__((packed))",
        1 => $" __attribute__((aligned({1 << random.Next(6)})))",
        _ => "",
    };
}
