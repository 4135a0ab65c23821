"""Reading a request's body up to a limit."""

from fastapi import Request

from service.answers import too_large


async def read_body(request: Request, limit: int) -> bytes:
    """The body. Raises HTTPException 413 as soon as it is known to exceed limit bytes."""
    announced = request.headers.get("content-length")
    if announced is not None and int(announced) > limit:
        raise too_large()
    body = bytearray()
    async for piece in request.stream():
        if len(body) + len(piece) > limit:
            raise too_large()
        body += piece
    return bytes(body)
