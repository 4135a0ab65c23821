"""The peer of `./run bench service`: FastAPI with uvicorn as they come, giving back the body."""

from fastapi import FastAPI, Request, Response

application = FastAPI()


@application.put("/v1/reports/{report_id}")
async def echo(report_id: str, request: Request) -> Response:
    """The body, as it came."""
    return Response(await request.body(), media_type="application/octet-stream")
