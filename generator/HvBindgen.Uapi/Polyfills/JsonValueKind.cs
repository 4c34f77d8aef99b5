namespace HvBindgen.Uapi.Polyfills;

/// <summary>What a value of JSON is.</summary>
internal enum JsonValueKind
{
    Object,
    Array,
    String,
    Number,
    True,
    False,
    Null,
}
