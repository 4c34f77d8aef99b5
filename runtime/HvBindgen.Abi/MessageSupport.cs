namespace HvBindgen.Abi;

/// <summary>A record that messages carry as their payload, or that begins such a payload.</summary>
/// <typeparam name="TType">Enum of the types of messages.</typeparam>
public interface IMessageContent<TType>
    where TType : struct, Enum
{
    /// <summary>Whether messages of a type carry the record.</summary>
    /// <param name="type">Type of a message.</param>
    /// <returns>True when their payload is the record or begins with it. It may still be too short.</returns>
    static abstract bool IsIn(TType type);
}
